"use strict";
// The report works without this script. It adds: the other language, the filter, the pages of a long list, deep links.
(() => {
  const page = document.documentElement, doc = document.getElementById("doc"), spare = document.getElementById("spare");
  const find = (name) => doc.querySelector(name);
  const KEYS = ["verdict", "rule", "account", "countries"];
  const filter = { q: "", policy: "", page: 0, verdict: "", rule: "", account: "", countries: "" };
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
      if (key !== group) {
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
  function select() {
    const wanted = filter.q.trim().toLowerCase();
    if (wanted && !texts) {
      texts = Array.from({ length: data.n }, (_, row) => ["name", "uid", "id", "account", "location", "target", "rule"].map((name) => cell(name, row) || "").join("\n").toLowerCase());
    }
    shown = [];
    for (let row = 0; row < data.n; row++) {
      if (KEYS.every((key) => !filter[key] || cell(key, row) === filter[key]) && (!filter.policy || cell("policy", row) === filter.policy) && (!wanted || texts[row].includes(wanted))) shown.push(row);
    }
    show();
  }
  function controls() {
    const form = find("#filter");
    if (!form) return;
    for (const key of KEYS) {
      const column = data.columns[key], codes = column.d || column.v, field = form.elements[key];
      const families = { verdict: "verdict", rule: "rule", account: null, countries: null };
      const options = [...new Set(codes.filter((code) => code !== null))].map((code) => {
        const name = key === "countries" ? countries(code) : families[key] ? word(families[key], code) : code;
        return [key === "rule" && name !== code ? `${code}: ${name}` : name, code];
      });
      if (key !== "verdict") options.sort((one, other) => one[0].localeCompare(other[0], doc.lang));
      field.replaceChildren(field.options[0], ...options.map(([name, code]) => new Option(name, code)));
      field.value = filter[key];
    }
    form.elements.q.value = filter.q;
    form.hidden = false;
  }
  function address() {
    const query = new URLSearchParams();
    for (const key of ["q", "policy", ...KEYS]) if (filter[key]) query.set(key, filter[key]);
    if (filter.page) query.set("page", String(filter.page + 1));
    history.replaceState(null, "", query.size ? `#findings?${query}` : "#findings");
  }
  function change(values) {
    Object.assign(filter, { page: 0 }, values);
    select();
    address();
  }
  function clear() {
    Object.assign(filter, { q: "", policy: "", page: 0 });
    for (const key of KEYS) filter[key] = "";
  }
  function follow() {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (!data) return;
    if (hash.startsWith("findings?")) {
      const query = new URLSearchParams(hash.slice(9));
      clear();
      for (const key of ["q", "policy", ...KEYS]) filter[key] = query.get(key) || "";
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
    unpack(packed.textContent).then((unpacked) => { data = unpacked; start(); follow(); page.dataset.findings = "open"; });
  }
})();
