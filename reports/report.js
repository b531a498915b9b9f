"use strict";
// The report works without this script. It adds: the other language, the filter, the pages of a long list, deep links.
(() => {
  const page = document.documentElement, doc = document.getElementById("doc"), spare = document.getElementById("spare");
  const find = (name) => doc.querySelector(name);
  const KEYS = ["verdict", "policy", "rule", "provider", "account", "data_class", "area", "countries"];
  const filter = { q: "", sort: "", page: 0 };
  for (const key of KEYS) filter[key] = "";
  const packed = document.getElementById("data");
  let data = null, shown = [], texts = null;

  // ---- language: the two languages are whole documents that change places, so every id stands once
  function otherLanguage() {
    const current = document.createDocumentFragment();
    current.append(...doc.childNodes);
    doc.append(spare.content);
    spare.content.append(current);
    for (const [key, get, set] of [["lang", (e) => e.lang, (e, v) => { e.lang = v; }], ["title", (e) => e.dataset.title, (e, v) => { e.dataset.title = v; }]]) {
      const mine = get(doc);
      set(doc, get(spare));
      set(spare, mine);
      if (key === "lang") page.lang = doc.lang;
    }
    document.title = doc.dataset.title;
    start();
    const button = find("#language");
    if (button) button.focus();
  }

  // ---- findings
  const labels = () => data.labels[doc.lang];
  const number = (n) => n.toLocaleString(doc.lang === "fr" ? "fr-FR" : "en-GB");
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  function cell(name, row) {
    const column = data.columns[name];
    if (column.v) return column.v[row];
    const place = column.i[row];
    return place < 0 ? null : column.d[place];
  }
  // The worst area of the countries a place may be in; a coverage or document finding has none.
  const AREAS = ["eea", "adequate", "conditional", "third", "unknown"];
  function areaOf(codes) {
    if (codes === null) return null;
    if (codes === "*") return "anywhere";
    if (codes === "") return "unknown";
    return AREAS[Math.max(...codes.split(" ").map((code) => AREAS.indexOf(data.areas[code] || "unknown")))];
  }
  const areas = ({ d, i, v }) => (v ? { v: v.map(areaOf) } : { d: d.map(areaOf), i });
  const word = (family, code) => (code === null ? labels().text.unknown : labels()[family][code] || code);
  function sentence(name, row) {
    return cell(name, row).replace(/[\x01\x02]/g, (mark) => cell(mark === "\x01" ? "name" : "uid", row));
  }
  function countries(codes) {
    const { anywhere, unknownPlace, oneOf } = labels().text;
    if (codes === "*") return anywhere;
    if (codes === "") return unknownPlace;
    const names = codes.split(" ").map((code) => word("country", code));
    return names.length === 1 ? names[0] : fill(oneOf, { countries: names.join(", ") });
  }
  const lines = (text, one) => (text ? text.split("\n").map(one).join("\n") : "");
  function slots(row) {
    const text = labels().text, get = (name) => cell(name, row), parent = get("parent"), home = get("parent_country");
    const place = get("role") === null ? "" : `${word("role", get("role"))} · ${get("location") || text.unknown} · ${countries(get("countries"))}`;
    const company = parent !== null ? fill(text.company, { name: parent, country: word("country", home) })
      : home !== null ? fill(text.unnamed, { country: word("country", home) }) : text.unknown;
    const api = get("evidence_api"), value = get("evidence_value");
    return {
      title: get("type") === "coverage" && get("name") === "* *" ? text.everything : get("name") || get("uid"),
      type: labels().subject[get("type")] || get("type"), place, severity: labels().severity[get("severity")],
      reason: sentence(`reason_${doc.lang}`, row), remediation: sentence(`remediation_${doc.lang}`, row),
      missing: lines(get("missing"), (name) => word("fact", name)), waiver: get("waiver") || "", uid: get("uid"),
      account: `${get("provider")} · ${get("account")}`, data_class: get("data_class") ? word("class", get("data_class")) : "",
      how: get("via") ? get("via") + (get("target") ? ` → ${get("target")}` : "") : "",
      evidence: api ? `${api} · ${get("evidence_field") || ""}${value === null ? "" : ` = ${value}`}` : "",
      control: get("laws") === null ? "" : fill(text.control, { operator: get("operator") || text.unknown, parent: company }),
      laws: lines(get("laws"), (line) => {
        const [law, link, certainty] = line.split("|");
        return fill(text.law, { law: word("law", law), link: word("link", link), certainty: word("certainty", certainty) });
      }),
      basis: labels().basis[`${get("policy")} ${get("rule")}`] || get("basis") || "", link: get("id"),
    };
  }
  function element(row) {
    const made = find("#pattern").content.firstElementChild.cloneNode(true), values = slots(row);
    made.id = `f-${cell("id", row)}`;
    for (const slot of made.querySelectorAll("[data-s]")) if (slot.dataset.s in values) slot.textContent = values[slot.dataset.s];
    for (const part of made.querySelectorAll("[data-o]")) if (!values[part.dataset.o]) part.remove();
    made.querySelector("[data-s=badge]").append(find(`#badge-${cell("verdict", row)}`).content.cloneNode(true));
    made.querySelector("[data-s=link]").href = `#f-${cell("id", row)}`;
    return made;
  }
  function show() {
    const rows = find("#rows"), pages = Math.max(1, Math.ceil(shown.length / data.size)), made = document.createDocumentFragment();
    filter.page = Math.min(filter.page, pages - 1);
    let group = null;
    for (const row of shown.slice(filter.page * data.size, (filter.page + 1) * data.size)) {
      const rule = cell("rule", row), key = `${cell("policy", row)} ${rule}`;
      if (key !== group && !filter.sort) {
        const heading = document.createElement("h3"), id = document.createElement("code");
        heading.className = "group";
        id.className = "muted";
        id.textContent = rule;
        heading.append(`${word("rule", rule)} `, id);
        made.append(heading);
        group = key;
      }
      made.append(element(row));
    }
    rows.replaceChildren(made);
    const status = find("#status"), many = doc.lang === "fr" ? shown.length > 1 : shown.length !== 1;
    status.textContent = shown.length ? fill(status.dataset[many ? "other" : "one"], { n: number(shown.length), total: number(data.n) }) : status.dataset.zero;
    const bar = find("#pages"), where = bar.querySelector("span");
    bar.hidden = pages === 1;
    where.textContent = fill(where.dataset.pattern, { page: number(filter.page + 1), pages: number(pages) });
    bar.querySelector("[name=previous]").disabled = filter.page === 0;
    bar.querySelector("[name=next]").disabled = filter.page === pages - 1;
  }
  const SORTS = ["name", "account", "location", "data_class"];
  // A cell that a spreadsheet could take for a formula gets an apostrophe, as in findings.csv.
  const csvCell = (value) => `"${(/^\s*[=+\-@\t\r]/.test(value) ? "'" : "") + value.replace(/"/g, '""')}"`;
  function csv() {
    const names = ["id", "policy", "rule", "verdict", "severity", "provider", "account", "type", "name", "uid", "data_class", "role", "location", "countries", "via", "target", `reason_${doc.lang}`, `remediation_${doc.lang}`];
    const line = (row) => names.map((name) => csvCell(/^(reason|remediation)_/.test(name) ? sentence(name, row) : cell(name, row) || "")).join(",");
    return [names.join(","), ...shown.map(line)].join("\r\n");
  }
  async function copy() {
    const text = csv(), status = find("#copied");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      doc.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      find("#copy").focus();
    }
    status.textContent = fill(status.dataset.pattern, { n: number(shown.length) });
  }
  function select() {
    const wanted = filter.q.trim().toLowerCase();
    if (wanted && !texts) {
      texts = Array.from({ length: data.n }, (_, row) => ["name", "uid", "id", "account", "location", "target", "rule"].map((name) => cell(name, row) || "").join("\n").toLowerCase());
    }
    shown = [];
    for (let row = 0; row < data.n; row++) {
      if (KEYS.every((key) => !filter[key] || cell(key, row) === filter[key]) && (!wanted || texts[row].includes(wanted))) shown.push(row);
    }
    if (SORTS.includes(filter.sort)) {
      const order = new Intl.Collator(doc.lang, { numeric: true });
      const words = new Map(shown.map((row) => [row, (filter.sort === "name" && !cell("name", row) ? cell("uid", row) : cell(filter.sort, row)) || "\uffff"]));
      shown.sort((one, other) => order.compare(words.get(one), words.get(other)) || one - other);
    }
    show();
  }
  function controls() {
    const form = find("#filter");
    if (!form) return;
    for (const key of KEYS) {
      const column = data.columns[key], codes = column.d || column.v, field = form.elements[key];
      const families = { verdict: "verdict", policy: "policy", rule: "rule", data_class: "class", area: "area" };
      const options = [...new Set(codes.filter((code) => code !== null))].map((code) => {
        const name = key === "countries" ? countries(code) : families[key] ? word(families[key], code) : code;
        return [key === "rule" && name !== code ? `${code}: ${name}` : name, code];
      });
      if (key !== "verdict") options.sort((one, other) => one[0].localeCompare(other[0], doc.lang));
      field.replaceChildren(field.options[0], ...options.map(([name, code]) => new Option(name, code)));
      field.value = filter[key];
    }
    form.elements.q.value = filter.q;
    form.elements.sort.value = SORTS.includes(filter.sort) ? filter.sort : "";
    form.hidden = false;
  }
  function address() {
    const query = new URLSearchParams();
    for (const key of ["q", "sort", ...KEYS]) if (filter[key]) query.set(key, filter[key]);
    if (filter.page) query.set("page", String(filter.page + 1));
    history.replaceState(null, "", query.size ? `#findings?${query}` : "#findings");
  }
  function change(values) {
    Object.assign(filter, { page: 0 }, values);
    select();
    address();
  }
  function clear() {
    Object.assign(filter, { q: "", sort: "", page: 0 });
    for (const key of KEYS) filter[key] = "";
  }
  function follow() {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (!data) return;
    if (hash.startsWith("findings?")) {
      const query = new URLSearchParams(hash.slice(9));
      clear();
      for (const key of ["q", "sort", ...KEYS]) filter[key] = query.get(key) || "";
      filter.page = Math.max(0, (parseInt(query.get("page") || "1", 10) || 1) - 1);
      select();
      controls();
      find("#findings").scrollIntoView();
    } else if (hash.startsWith("f-")) {
      const ids = data.columns.id, values = ids.v || ids.i.map((place) => ids.d[place]), row = values.indexOf(hash.slice(2));
      if (row < 0) return;
      if (!shown.includes(row)) {
        clear();
        select();
        controls();
      }
      filter.page = Math.floor(shown.indexOf(row) / data.size);
      show();
      const target = document.getElementById(hash);
      target.open = true;
      target.classList.add("target");
      target.querySelector("summary").focus({ preventScroll: true });
      target.scrollIntoView();
    }
  }
  function start() {
    const button = find("#language");
    button.hidden = packed !== null && data === null;
    button.onclick = otherLanguage;
    if (!data) return;
    const form = find("#filter");
    for (const notice of doc.querySelectorAll("[data-static]")) notice.hidden = true;
    find("#copy").onclick = copy;
    form.onsubmit = (event) => event.preventDefault();
    form.oninput = (event) => change({ [event.target.name]: event.target.value });
    form.onreset = () => setTimeout(() => { clear(); change({}); controls(); });
    for (const [name, step] of [["previous", -1], ["next", 1]]) {
      find(`#pages [name=${name}]`).onclick = () => {
        filter.page += step;
        show();
        address();
        find("#status").scrollIntoView();
      };
    }
    for (const link of doc.querySelectorAll("a[data-rule]")) {
      link.onclick = (event) => {
        event.preventDefault();
        clear();
        change({ verdict: link.dataset.verdict, rule: link.dataset.rule, policy: link.dataset.policy });
        controls();
        find("#h-findings").focus({ preventScroll: true });
        find("#findings").scrollIntoView();
      };
    }
    controls();
    select();
  }
  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const part of doc.querySelectorAll("details:not([open])")) { part.open = true; opened.push(part); }
  });
  addEventListener("afterprint", () => { while (opened.length) opened.pop().open = false; });
  addEventListener("hashchange", follow);
  start();
  if (packed && typeof DecompressionStream === "function") {
    // A browser that cannot unpack keeps the page as it is: one language, its findings and their notice.
    unpack(packed.textContent).then((unpacked) => { data = unpacked; data.columns.area = areas(data.columns.countries); start(); follow(); page.dataset.findings = "open"; });
  }
})();
