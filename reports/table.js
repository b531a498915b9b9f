"use strict";
// A long list that is searched, filtered, sorted, paged, copied and linked to. The findings are one, the placements
// another: what is their own stands in `kind`. Only the rows of one page are in the document.
function reportTable(kind, words) {
  const filter = { q: "", sort: "", page: 0 };
  for (const key of kind.keys) filter[key] = "";
  let shown = [], texts = null;
  const packed = () => words.data[kind.name];
  const part = (name) => words.find(`#${kind.name}-${name}`);

  function cell(name, row) {
    const column = packed().columns[name];
    if (column.v) return column.v[row];
    const place = column.i[row];
    return place < 0 ? null : column.d[place];
  }
  // A text that names its resource is kept without the name: the marks stand for the name and for the id.
  const named = (name, row) => (cell(name, row) || "").replace(/[\x01\x02]/g, (mark) => (mark === "\x01" ? cell("name", row) : named("uid", row)));
  const value = (key, row) => (kind.values && kind.values[key] ? kind.values[key](row, cell, filter) : cell(key, row));

  function element(row) {
    const made = part("pattern").content.querySelector(kind.row).cloneNode(true), texts_ = kind.slots(row, { cell, named, filter });
    if (texts_.link) made.id = `f-${texts_.link}`;
    for (const slot of made.querySelectorAll("[data-s]")) if (slot.dataset.s in texts_) slot.textContent = texts_[slot.dataset.s];
    for (const piece of made.querySelectorAll("[data-o]")) if (!texts_[piece.dataset.o]) piece.remove();
    const badge = words.find(`#badge-${value("verdict", row)}`), link = made.querySelector("[data-s=link]"), other = made.querySelector("[data-filter]");
    if (badge) made.querySelector("[data-s=badge]").append(badge.content.cloneNode(true));
    if (link) link.href = `#f-${texts_.link}`;
    if (other) other.dataset.filter = String(new URLSearchParams({ q: named("uid", row) }));
    return made;
  }
  function show() {
    const size = packed().size, pages = Math.max(1, Math.ceil(shown.length / size)), made = document.createDocumentFragment();
    filter.page = Math.min(filter.page, pages - 1);
    let group = null;
    for (const row of shown.slice(filter.page * size, (filter.page + 1) * size)) {
      const head = kind.heading && !filter.sort ? kind.heading(row, cell) : null;
      if (head && head.key !== group) {
        const heading = document.createElement("h3"), id = document.createElement("code");
        heading.className = "group";
        id.className = "muted";
        id.textContent = head.id;
        heading.append(`${head.title} `, id);
        made.append(heading);
        group = head.key;
      }
      made.append(element(row));
    }
    part("rows").replaceChildren(made);
    const status = part("status"), many = words.lang() === "fr" ? shown.length > 1 : shown.length !== 1;
    status.textContent = shown.length ? words.fill(status.dataset[many ? "other" : "one"], { n: words.number(shown.length), total: words.number(packed().n) }) : status.dataset.zero;
    const bar = part("pages"), where = bar.querySelector("span");
    bar.hidden = pages === 1;
    where.textContent = words.fill(where.dataset.pattern, { page: words.number(filter.page + 1), pages: words.number(pages) });
    bar.querySelector("[name=previous]").disabled = filter.page === 0;
    bar.querySelector("[name=next]").disabled = filter.page === pages - 1;
    for (const head of words.doc.querySelectorAll(`#${kind.name} th[data-sort]`)) {
      head.setAttribute("aria-sort", filter.sort === head.dataset.sort ? "ascending" : filter.sort === `-${head.dataset.sort}` ? "descending" : "none");
    }
  }
  function select() {
    const wanted = filter.q.trim().toLowerCase(), active = kind.keys.filter((key) => filter[key]), all = packed().n;
    if (wanted && !texts) {
      texts = Array.from({ length: all }, (_, row) => kind.searched.map((name) => named(name, row)).join("\n").toLowerCase());
    }
    shown = [];
    for (let row = 0; row < all; row++) {
      if (active.every((key) => (kind.matches && kind.matches[key] ? kind.matches[key](row, cell, filter) : value(key, row) === filter[key])) && (!wanted || texts[row].includes(wanted))) shown.push(row);
    }
    const back = filter.sort.startsWith("-"), key = back ? filter.sort.slice(1) : filter.sort;
    if (kind.sorts.includes(key)) {
      const order = new Intl.Collator(words.lang(), { numeric: true }), turn = back ? -1 : 1;
      const keyed = new Map(shown.map((row) => [row, kind.ordered(key, row, { cell, named, filter })]));
      shown.sort((one, other) => turn * order.compare(keyed.get(one), keyed.get(other)) || one - other);
    }
    show();
  }
  // A cell that a spreadsheet could take for a formula gets an apostrophe, as in the CSV files.
  const csvCell = (text) => `"${(/^\s*[=+\-@\t\r]/.test(text) ? "'" : "") + text.replace(/"/g, '""')}"`;
  function csv() {
    const names = kind.copied();
    const line = (row) => names.map((name) => csvCell((kind.values && kind.values[name] ? value(name, row) : named(name, row)) || "")).join(",");
    return [names.join(","), ...shown.map(line)].join("\r\n");
  }
  async function copy() {
    const text = csv(), status = part("copied");
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      words.doc.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      part("copy").focus();
    }
    status.textContent = words.fill(status.dataset.pattern, { n: words.number(shown.length) });
  }
  function controls() {
    const form = part("filter");
    if (!form) return;
    for (const key of kind.keys) {
      const options = [...new Set(kind.options && kind.options[key] ? kind.options[key](packed().columns) : optionsOf(key))].map((code) => [kind.label(key, code), code]);
      const field = form.elements[key];
      if (key !== "verdict") options.sort((one, other) => one[0].localeCompare(other[0], words.lang()));
      field.replaceChildren(field.options[0], ...options.map(([name, code]) => new Option(name, code)));
      field.value = filter[key];
    }
    form.elements.q.value = filter.q;
    if (form.elements.sort) form.elements.sort.value = kind.sorts.includes(filter.sort) ? filter.sort : "";
    form.hidden = false;
  }
  function optionsOf(key) {
    const column = packed().columns[key];
    return (column.d || column.v).filter((code) => code !== null);
  }
  function address() {
    const query = new URLSearchParams();
    for (const key of ["q", "sort", ...kind.keys]) if (filter[key]) query.set(key, filter[key]);
    if (filter.page) query.set("page", String(filter.page + 1));
    history.replaceState(null, "", query.size ? `#${kind.name}?${query}` : `#${kind.name}`);
  }
  function change(values) {
    Object.assign(filter, { page: 0 }, values);
    select();
    address();
  }
  function clear() {
    Object.assign(filter, { q: "", sort: "", page: 0 });
    for (const key of kind.keys) filter[key] = "";
  }
  function read(query) {
    clear();
    for (const key of ["q", "sort", ...kind.keys]) filter[key] = query.get(key) || "";
    filter.page = Math.max(0, (parseInt(query.get("page") || "1", 10) || 1) - 1);
    select();
    controls();
  }
  // Show what a link asks for, and bring the reader and the focus there.
  function only(query) {
    read(query);
    address();
    words.find(`#h-${kind.name}`).focus({ preventScroll: true });
    words.find(`#${kind.name}`).scrollIntoView();
  }
  function reveal(id) {
    const ids = packed().columns.id, row = (ids.v || ids.i.map((place) => ids.d[place])).indexOf(id);
    if (row < 0) return;
    if (!shown.includes(row)) {
      clear();
      select();
      controls();
    }
    filter.page = Math.floor(shown.indexOf(row) / packed().size);
    show();
    const target = document.getElementById(`f-${id}`);
    target.open = true;
    target.classList.add("target");
    target.querySelector("summary").focus({ preventScroll: true });
    target.scrollIntoView();
  }
  function start() {
    const form = part("filter");
    if (!form) return;
    part("copy").onclick = copy;
    form.onsubmit = (event) => event.preventDefault();
    form.oninput = (event) => change({ [event.target.name]: event.target.value });
    form.onreset = () => setTimeout(() => { clear(); change({}); controls(); });
    for (const [name, step] of [["previous", -1], ["next", 1]]) {
      part("pages").querySelector(`[name=${name}]`).onclick = () => {
        filter.page += step;
        show();
        address();
        part("status").scrollIntoView();
      };
    }
    for (const head of words.doc.querySelectorAll(`#${kind.name} th[data-sort]`)) {
      if (!head.querySelector("button")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "sort";
        button.append(...head.childNodes);
        button.onclick = () => { change({ sort: filter.sort === head.dataset.sort ? `-${head.dataset.sort}` : head.dataset.sort }); };
        head.append(button);
      }
    }
    controls();
    select();
  }
  return { start, read, only, reveal };
}
