"use strict";
// The report works without this script. It adds: the other language, the two long tables, deep links.
(() => {
  const page = document.documentElement, doc = document.getElementById("doc"), spare = document.getElementById("spare");
  const packed = document.getElementById("data");
  const words = {
    data: null, doc,
    find: (name) => doc.querySelector(name),
    lang: () => doc.lang,
    labels: () => words.data.labels[doc.lang],
    number: (n) => n.toLocaleString(doc.lang === "fr" ? "fr-FR" : "en-GB"),
    fill: (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all)),
    word: (family, code) => (code === null ? words.labels().text.unknown : words.labels()[family][code] || code),
  };
  const { find, fill, word } = words;
  const text = () => words.labels().text;

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

  // ---- what both tables say
  function countries(codes) {
    if (codes === "*") return text().anywhere;
    if (codes === "") return text().unknownPlace;
    const names = codes.split(" ").map((code) => word("country", code));
    if (names.length > words.data.spelt) return fill(text().manyOf, { n: words.number(names.length) });
    return names.length === 1 ? names[0] : fill(text().oneOf, { countries: names.join(", ") });
  }
  function company(name, home) {
    if (name !== null) return fill(text().company, { name, country: word("country", home) });
    return home !== null ? fill(text().unnamed, { country: word("country", home) }) : text().unknown;
  }
  const lines = (list, one) => (list ? list.split("\n").map(one).join("\n") : "");
  const how = (via, target) => (via ? via + (target ? ` → ${target}` : "") : "");
  const evidence = (api, field, value) => (api ? `${api} · ${field || ""}${value === null ? "" : ` = ${value}`}` : "");
  const labelled = (families) => (key, code) => {
    const name = key === "countries" ? countries(code) : families[key] ? word(families[key], code) : code;
    return key === "rule" && name !== code ? `${code}: ${name}` : name;
  };

  const findings = {
    name: "findings", row: "details",
    keys: ["verdict", "policy", "rule", "provider", "account", "data_class", "area", "countries"],
    sorts: ["name", "account", "location", "data_class"],
    searched: ["name", "uid", "id", "account", "location", "target", "rule"],
    copied: () => ["id", "policy", "rule", "verdict", "severity", "provider", "account", "type", "name", "uid", "data_class", "role", "location", "countries", "via", "target", `reason_${doc.lang}`, `remediation_${doc.lang}`],
    ordered: (key, row, { cell, named }) => (key === "name" && !cell("name", row) ? named("uid", row) : cell(key, row)) || "\uffff",
    label: labelled({ verdict: "verdict", policy: "policy", rule: "rule", data_class: "class", area: "area" }),
    heading: (row, cell) => ({ key: `${cell("policy", row)} ${cell("rule", row)}`, id: cell("rule", row), title: word("rule", cell("rule", row)) }),
    slots(row, { cell, named }) {
      const get = (name) => cell(name, row);
      return {
        title: get("type") === "coverage" && get("name") === "* *" ? text().everything : get("name") || named("uid", row),
        type: words.labels().subject[get("type")] || get("type"),
        place: get("role") === null ? "" : `${word("role", get("role"))} · ${get("location") || text().unknown} · ${countries(get("countries"))}`,
        severity: words.labels().severity[get("severity")],
        reason: named(`reason_${doc.lang}`, row), remediation: named(`remediation_${doc.lang}`, row),
        missing: lines(get("missing"), (name) => word("fact", name)), waiver: get("waiver") || "", uid: named("uid", row),
        account: `${get("provider")} · ${get("account")}`, data_class: get("data_class") ? word("class", get("data_class")) : "",
        how: how(get("via"), get("target")), evidence: evidence(get("evidence_api"), get("evidence_field"), get("evidence_value")),
        control: get("laws") === null ? "" : fill(text().control, { operator: get("operator") || text().unknown, parent: company(get("parent"), get("parent_country")) }),
        laws: lines(get("laws"), (line) => {
          const [law, link, certainty] = line.split("|");
          return fill(text().law, { law: word("law", law), link: word("link", link), certainty: word("certainty", certainty) });
        }),
        basis: words.labels().basis[`${get("policy")} ${get("rule")}`] || get("basis") || "",
        places: get("role") === null ? "" : text().places, link: get("id"),
      };
    },
  };

  // What the packs that judged a placement say of it: "pack=verdict pack=verdict", the worst first in this order.
  const VERDICTS = ["violation", "unproven", "waived", "compliant", "none"];
  function verdictOf(row, cell, filter) {
    const judged = (cell("judged", row) || "").split(" ").filter(Boolean).map((one) => one.split("="));
    const said = judged.filter(([policy]) => !filter.policy || policy === filter.policy).map(([, verdict]) => verdict);
    return VERDICTS.find((verdict) => said.includes(verdict)) || "none";
  }
  const placements = {
    name: "placements", row: "tbody tr",
    keys: ["verdict", "policy", "provider", "account", "data_class", "role", "area", "countries", "custody"],
    sorts: ["name", "data_class", "role", "location", "offer", "custody", "verdict"],
    searched: ["name", "uid", "account", "location", "target", "offer", "operator"],
    copied: () => ["verdict", "judged", "provider", "account", "offer", "type", "name", "uid", "data_class", "role", "location", "countries", "area", "via", "target", "custody", "operator", "parent", "parent_country", "evidence_api", "evidence_field", "evidence_value"],
    values: { verdict: verdictOf },
    matches: { policy: (row, cell, filter) => (cell("judged", row) || "").split(" ").some((one) => one.startsWith(`${filter.policy}=`)) },
    options: {
      verdict: () => VERDICTS,
      policy: ({ judged }) => (judged.d || judged.v).flatMap((one) => (one || "").split(" ").filter(Boolean).map((said) => said.split("=")[0])),
    },
    ordered: (key, row, { cell, named, filter }) => (key === "verdict" ? String(VERDICTS.indexOf(verdictOf(row, cell, filter)))
      : key === "name" && !cell("name", row) ? named("uid", row)
      : key === "data_class" || key === "role" || key === "custody" ? word({ data_class: "class" }[key] || key, cell(key, row)) : cell(key, row)) || "\uffff",
    label: labelled({ verdict: "verdict", policy: "policy", data_class: "class", role: "role", area: "zone", custody: "custody" }),
    slots(row, { cell, named, filter }) {
      const get = (name) => cell(name, row);
      return {
        title: get("name") || named("uid", row), type: get("type"), uid: named("uid", row), account: `${get("provider")} · ${get("account")}`,
        data_class: word("class", get("data_class")), role: word("role", get("role")), location: get("location") || text().unknown,
        country: countries(get("countries")), area: word("zone", get("area")), offer: get("offer") || text().unknown,
        company: company(get("parent"), get("parent_country")), custody: word("custody", get("custody")),
        how: how(get("via"), named("target", row)), evidence: evidence(get("evidence_api"), get("evidence_field"), get("evidence_value")),
        badge: verdictOf(row, cell, filter) === "none" ? word("verdict", "none") : "",
      };
    },
  };
  const tables = { findings: reportTable(findings, words), placements: reportTable(placements, words) };

  // The worst area of the countries a finding's place may be in; one about an account or a paper has none.
  const AREAS = ["eea", "adequate", "conditional", "third", "unknown"];
  function areaOf(codes) {
    if (codes === null) return null;
    if (codes === "*") return "anywhere";
    if (codes === "") return "unknown";
    return AREAS[Math.max(...codes.split(" ").map((code) => AREAS.indexOf(words.data.areas[code] || "unknown")))];
  }
  const areas = ({ d, i, v }) => (v ? { v: v.map(areaOf) } : { d: d.map(areaOf), i });

  // ---- opening
  function follow() {
    const hash = decodeURIComponent(location.hash.slice(1)), [name, query] = [hash.split("?")[0], location.hash.split("?")[1]];
    if (!words.data) return;
    if (query !== undefined && name in tables) {
      tables[name].read(new URLSearchParams(query));
      find(`#${name}`).scrollIntoView();
    } else if (hash.startsWith("f-")) tables.findings.reveal(hash.slice(2));
  }
  function start() {
    const button = find("#language");
    button.hidden = packed !== null && words.data === null;
    button.onclick = otherLanguage;
    if (!words.data) return;
    for (const notice of doc.querySelectorAll("[data-static]")) notice.hidden = true;
    for (const table of Object.values(tables)) table.start();
  }
  doc.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-filter]");
    if (!link || !words.data) return;
    event.preventDefault();
    tables[link.hash.slice(1)].only(new URLSearchParams(link.dataset.filter));
  });
  async function unpack(packedText) {
    const letters = atob(packedText), bytes = new Uint8Array(letters.length);
    for (let place = 0; place < letters.length; place++) bytes[place] = letters.charCodeAt(place);  // ten times Uint8Array.from
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
    // A browser that cannot unpack keeps the page as it is: one language, its first rows and their notices.
    unpack(packed.textContent).then((unpacked) => {
      words.data = unpacked;
      unpacked.findings.columns.area = areas(unpacked.findings.columns.countries);
      start();
      follow();
      page.dataset.findings = "open";
    });
  }
})();
