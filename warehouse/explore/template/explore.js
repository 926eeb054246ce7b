"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const ALL = "*", PAGE = 200;
const DAY = 86400, SIZES = { hours: 3600, days: DAY };
const SEALED = 1, COMPLETE = 2, RESTATED = 4;
const IN_REPOSITORY = 1, IN_PROJECT = 2, IN_ALL = 4;

const figures = new Map();
for (const row of data.figures) {
  const key = row.slice(0, 3).join(" ");
  if (!figures.has(key)) figures.set(key, new Map());
  figures.get(key).set(row[3], row);
}
const state = { kpi: "", project: ALL, source: ALL, from: "", to: "", person: "", known: "published", before: "1", quarter: "", lang: "" };
let shownRows = PAGE;

function read() {
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) if (name in state) state[name] = value;
  const names = data.kpis.map((kpi) => kpi.kpi);
  if (!names.includes(state.kpi)) state.kpi = names[0] || "";
  if (!(state.lang in data.texts)) state.lang = navigator.language.startsWith("ko") ? "ko" : "en";
  if (!data.projects.some(([name]) => name === state.project)) state.project = ALL;
  if (!data.sources.some(([name]) => name === state.source)) state.source = ALL;
}
function write() {
  const kept = Object.entries(state).filter(([, value]) => value);
  history.replaceState(null, "", "#" + new URLSearchParams(kept));
}
const text = (name, values = {}) => data.texts[state.lang][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
const pick = ([english, korean]) => (state.lang === "ko" && korean) || english;
const kpiOf = () => data.kpis.find((kpi) => kpi.kpi === state.kpi);
const number = (value, digits = 0) => value.toLocaleString(state.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const instant = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");

function duration(seconds) {
  const [unit, size] = seconds >= 2 * DAY ? ["days", DAY] : seconds >= 3600 || !seconds ? ["hours", 3600] : ["minutes", 60];
  return text(unit, { number: number(seconds / size, size > 60 && seconds ? 1 : 0) });
}
function shown(value, kpi) {
  if (value === null || value === undefined) return text("nothing");
  if (kpi.unit === "ratio") return `${number(value * 100, 1)}%`;
  if (kpi.unit in SIZES) return duration(value * SIZES[kpi.unit]);
  return number(value) + ((state.lang === "ko" && data.counters[kpi.unit]) || "");
}
function element(name, content, facts = {}) {
  const made = document.createElement(name);
  if (content !== undefined) made.append(content);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
  return made;
}
function drawn(name, facts, content) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
  if (content !== undefined) made.textContent = content;
  return made;
}
function options(id, entries) {
  byId(id).replaceChildren(...entries.map(([value, title]) => element("option", title, { value })));
  if (!entries.some(([value]) => value === state[id])) state[id] = entries[id === "to" ? entries.length - 1 : 0]?.[0] ?? "";
  byId(id).value = state[id];
}
const index = (list, name) => list.findIndex((entry) => (entry[0] ?? entry) === name);
function ofScope() {
  const key = [data.kpis.indexOf(kpiOf()), index(data.projects, state.project), index(data.sources, state.source)].join(" ");
  return figures.get(key) || new Map();
}
const valueOf = (row) => (row ? row[state.known === "now" ? 5 : 4] : null);

function fillFilters() {
  document.documentElement.lang = state.lang;
  document.title = text("title");
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = text(place.dataset.text);
  byId("lang").textContent = state.lang === "ko" ? "English" : "한국어";
  options("kpi", data.kpis.map((kpi) => [kpi.kpi, pick(kpi.title)]));
  options("project", data.projects.map(([name, ...title]) => [name, name === ALL ? text("all_projects") : pick(title)]));
  const project = index(data.projects, state.project);
  const sources = new Set(data.figures.filter((row) => row[1] === project).map((row) => row[2]));
  options("source", data.sources.filter((_, i) => sources.has(i)).map(([name, ...title]) => [name, name === ALL ? text("all_repositories") : pick(title)]));
  const quarters = data.quarters.map(([name, ...title]) => [name, pick(title)]);
  options("from", quarters);
  options("to", quarters);
  if (state.from > state.to) byId("from").value = state.from = state.to;
  options("known", [["published", text("known_published")], ["now", text("known_now")]]);
  byId("before").checked = state.before === "1";
}

const range = () => data.quarters.map(([name], i) => [name, i]).filter(([name]) => name >= state.from && name <= state.to);

function drawChart() {
  const kpi = kpiOf(), rows = ofScope(), quarters = range();
  const title = `${pick(kpi.title)}, ${byId("project").selectedOptions[0]?.textContent ?? ""}`;
  byId("name").textContent = title;
  byId("question").textContent = pick(kpi.question);
  const now = quarters.map(([, i]) => valueOf(rows.get(i)));
  const before = quarters.map(([name]) => valueOf(rows.get(index(data.quarters, `${Number(name.slice(0, 4)) - 1}${name.slice(4)}`))));
  const values = [...now, ...(state.before === "1" ? before : [])].filter((value) => value !== null);
  const most = Math.max(...values, 0) || 1, least = Math.min(...values, 0);
  const width = Math.min(960, Math.max(320, byId("chart").clientWidth)), height = 260, left = 64, right = 16, bottom = 26, top = 14;
  const x = (i) => left + (quarters.length > 1 ? (i * (width - left - right)) / (quarters.length - 1) : (width - left - right) / 2);
  const y = (value) => top + ((most - value) * (height - top - bottom)) / (most - least);
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": title });
  for (const share of [0, 0.5, 1]) {
    const value = least + (most - least) * share;
    svg.append(drawn("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }));
    svg.append(drawn("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, shown(value, kpi)));
  }
  const step = Math.ceil(quarters.length / Math.max(2, Math.floor((width - left) / 90)));
  quarters.forEach(([, i], at) => {
    if (at % step) return;
    const anchor = at === 0 ? "start" : at === quarters.length - 1 ? "end" : "middle";
    svg.append(drawn("text", { x: x(at), y: height - 6, "text-anchor": anchor }, pick(data.quarters[i].slice(1))));
  });
  const path = (list) => list.map((value, i) => (value === null ? "" : `${i && list[i - 1] !== null ? "L" : "M"}${x(i).toFixed(1)},${y(value).toFixed(1)}`)).join("");
  if (state.before === "1") svg.append(drawn("path", { class: "before", d: path(before) }));
  svg.append(drawn("path", { class: "now", d: path(now) }));
  quarters.forEach(([name, i], at) => {
    if (now[at] === null) return;
    const row = rows.get(i), isWhole = row[10] & COMPLETE;
    const label = `${pick(data.quarters[i].slice(1))}: ${shown(now[at], kpi)}, ${stateOf(row)}`;
    const point = drawn("g", { role: "button", tabindex: 0, "aria-label": label, "aria-pressed": name === state.quarter, class: isWhole ? "whole" : "", "data-quarter": name });
    point.append(drawn("title", {}, label), drawn("circle", { class: "target", cx: x(at), cy: y(now[at]), r: 16 }), drawn("circle", { class: "dot", cx: x(at), cy: y(now[at]), r: 4.5 }));
    svg.append(point);
  });
  byId("chart").replaceChildren(svg);
  byId("legend").textContent = values.length ? text(state.before === "1" ? "legend_before" : "legend") : text("nothing_here");
}
const stateOf = (row) => text(row[10] & RESTATED ? "restated" : row[10] & SEALED ? "sealed" : row[10] & COMPLETE ? "complete" : "so_far");

function heads(table, names) {
  table.tHead.replaceChildren(element("tr"));
  for (const [title, kind] of names) table.tHead.rows[0].append(element("th", title, { scope: "col", class: kind }));
}
function fillFigures() {
  const kpi = kpiOf(), rows = ofScope(), table = byId("figures").querySelector("table");
  heads(table, [[text("quarter"), ""], [text("figure"), "number"], [text("counted"), "number"], [text("excluded"), "number"], [text("state"), ""]]);
  table.tBodies[0].replaceChildren(...range().filter(([, i]) => rows.has(i)).map(([name, i]) => {
    const row = rows.get(i), line = element("tr"), head = element("td");
    head.append(element("button", pick(data.quarters[i].slice(1)), { type: "button", "data-quarter": name }));
    line.append(head, ...[shown(valueOf(row), kpi), number(row[6]), number(row[7])].map((value) => element("td", value, { class: "number" })), element("td", stateOf(row)));
    return line;
  }));
}

function evidence() {
  const kpi = data.kpis.indexOf(kpiOf()), { rows } = data.evidence[state.quarter] || { rows: [] };
  const bit = state.source !== ALL ? IN_REPOSITORY : state.project !== ALL ? IN_PROJECT : IN_ALL;
  return rows.filter((row) => row[0] === kpi && row[9] & bit
    && (state.project === ALL || data.projects[row[1]][0] === state.project)
    && (state.source === ALL || data.sources[row[2]][0] === state.source));
}
async function load() {
  if (!state.quarter || data.evidence[state.quarter] || !location.protocol.startsWith("http")) return;
  const response = await fetch(`evidence/${encodeURIComponent(state.quarter)}.json`);
  if (response.ok) data.evidence[state.quarter] = await response.json();
}
function fillEvidence() {
  const kpi = kpiOf(), place = index(data.quarters, state.quarter), table = byId("rows");
  byId("quarter-name").textContent = place < 0 ? text("choose") : text("evidence_of", { quarter: pick(data.quarters[place].slice(1)) });
  const all = evidence(), people = [...new Set(all.map((row) => row[4]).filter(Boolean))].sort();
  options("person", [["", text("everybody")], ...people.map((name) => [name, name])]);
  const rows = all.filter((row) => !state.person || row[4] === state.person);
  const isLoaded = place < 0 || data.evidence[state.quarter];
  const counted = rows.filter((row) => row[6] === "counted").length;
  byId("counts").textContent = place < 0 ? "" : isLoaded ? text("counts", { counted: number(counted), excluded: number(rows.length - counted) }) : text("not_loaded");
  const hasAmount = rows.some((row) => amount(row, kpi));
  const names = [[text("what"), ""], [text("person"), ""], [text("when"), ""], ...(hasAmount ? [[text("amount"), "number"]] : []), [text("why"), ""]];
  heads(table, rows.length ? names : []);
  table.tBodies[0].replaceChildren(...rows.slice(0, shownRows).map((row) => {
    const line = element("tr", undefined, { class: row[6] === "counted" ? "counted" : "excluded" });
    const [subject, url] = data.evidence[state.quarter].subjects[row[3]];
    const name = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(subject) ? subject.slice(0, 12) : subject;
    const link = /^https?:\/\//.test(url || "") ? element("a", name, { href: url, rel: "noopener noreferrer" }) : name;
    const why = pick(data.reasons[row[6]] || [row[6]]) + (row[7] ? ` (${row[7]})` : "");
    line.append(element("td", link), element("td", row[4] || ""), element("td", row[5] === null ? "" : instant(row[5]), { class: "when" }));
    line.append(...(hasAmount ? [element("td", amount(row, kpi), { class: "number" })] : []), element("td", why));
    return line;
  }));
  byId("more").hidden = rows.length <= shownRows;
  byId("more").textContent = text("more", { count: number(rows.length - shownRows) });
}
function amount(row, kpi) {
  const [numerator, denominator, value] = row[8];
  if (kpi.kind === "ratio") return denominator === null && numerator === null ? "" : `${numerator ?? 0}/${denominator ?? 0}`;
  if (value === null || ["count", "distinct"].includes(kpi.kind)) return "";
  return kpi.unit in SIZES ? duration(value) : number(value);
}
function fillQuery() {
  const quoted = (value) => `'${value.replaceAll("'", "''")}'`;
  const scope = `kpi = ${quoted(state.kpi)}`;
  const of = state.quarter
    ? ["kpi_evidence", `*`, [scope, `quarter_label = ${quoted(state.quarter)}`, state.project === ALL ? "counts_in_all" : `project = ${quoted(state.project)}`, ...(state.source === ALL ? [] : [`source = ${quoted(state.source)}`]), ...(state.person ? [`person = ${quoted(state.person)}`] : [])], "happened_at, subject_id"]
    : ["kpi_quarterly", `quarter_label, ${state.known === "now" ? "value_now" : "value"}, n`, [scope, `project = ${quoted(state.project)}`, `source = ${quoted(state.source)}`, `quarter_label between ${quoted(state.from)} and ${quoted(state.to)}`], "quarter_label"];
  byId("sql").textContent = `select ${of[1]}\nfrom read_parquet('${of[0]}/*/*.parquet', hive_partitioning = false)\nwhere ${of[2].join("\n    and ")}\norder by ${of[3]};`;
}
async function draw() {
  fillFilters();
  drawChart();
  fillFigures();
  await load();
  fillEvidence();
  fillQuery();
  write();
  document.documentElement.dataset.drawn = state.quarter || "figures";
}
function chooseQuarter(target) {
  const point = target.closest("[data-quarter]");
  if (!point) return;
  state.quarter = point.dataset.quarter;
  shownRows = PAGE;
  draw().then(() => byId("quarter-name").focus({ preventScroll: false }));
}
document.addEventListener("click", (event) => chooseQuarter(event.target));
byId("chart").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  chooseQuarter(event.target);
});
byId("filters").addEventListener("change", (event) => {
  const field = event.target;
  state[field.id] = field.type === "checkbox" ? (field.checked ? "1" : "0") : field.value;
  if (field.id === "from" && state.from > state.to) state.to = state.from;
  shownRows = PAGE;
  draw();
});
byId("lang").addEventListener("click", () => { state.lang = state.lang === "ko" ? "en" : "ko"; draw(); });
byId("more").addEventListener("click", () => { shownRows += PAGE; fillEvidence(); });
byId("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(byId("sql").textContent).then(() => { byId("copied").textContent = text("copied"); }, () => getSelection().selectAllChildren(byId("sql")));
});
addEventListener("hashchange", () => { read(); draw(); });
addEventListener("resize", drawChart);
read();
draw();
