"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement, byId = id => document.getElementById(id);
const stage = byId("stage"), told = byId("told");
const state = { lang: root.lang, view: "findings", step: 0, overview: false, sector: "", agency: "", certain: false };

/* The pages and tables that did not fit in the file as they are; made of text, so that nothing in them can run. */
const made = (text, kind) => document.importNode(new DOMParser().parseFromString(text, kind).documentElement, true);
async function unpack() {
  const bytes = Uint8Array.from(atob(data.packed), c => c.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  for (const [key, packed] of Object.entries(JSON.parse(text))) {
    const [lang, view, page] = key.split("/");
    if (lang === "table") {
      document.querySelector(`.scroll[data-layer=${view}]`).after(made(packed, "application/xhtml+xml"));
      continue;
    }
    const section = document.createElement("section");
    Object.assign(section.dataset, { lang, view, page });
    section.className = "page";
    section.hidden = true;
    section.append(made(packed, "image/svg+xml"));
    stage.append(section);
  }
  const order = p => [p.dataset.lang, p.dataset.view, p.dataset.page.padStart(4, "0")].join("/");
  [...stage.children].sort((a, b) => (order(a) < order(b) ? -1 : 1)).forEach(p => stage.append(p));
}

const pages = (view = state.view) => [...stage.children].filter(p => p.dataset.lang === state.lang && p.dataset.view === view);
const tokens = element => (element.getAttribute("data-events") || "").split(" ").filter(Boolean);
const fits = event => event && (!state.sector || event.sector === state.sector) && (!state.agency || event.agency === state.agency);
const seen = finding => (!state.certain || finding.certain) && finding.events.some(id => fits(data.events[id]));
const shown = () => data.findings.map((finding, at) => ({ ...finding, at })).filter(seen);
/* A note on a finding goes with it; one on the case, or on what is not there, always stands. */
const noted = () => data.notes.map((note, at) => ({ ...note, at })).filter(note => note.finding !== null
  ? seen(data.findings[note.finding]) : !note.events.length || note.events.some(id => fits(data.events[id])));

/* The page on which the evidence has a box, or else stands in another way. */
function pageOf(told) {
  const on = kind => pages().findIndex(page => told.events.some(id => page.querySelector(`${kind}[data-events~="${CSS.escape(id)}"]`)));
  return Math.max(...[".box", ".tick", ""].map(on).filter(at => at >= 0).slice(0, 1), 0);
}

function steps() {
  const list = pages().map((page, at) => ({ page: at }));
  if (state.view === "findings") {
    for (const finding of shown()) list.push({ page: pageOf(finding), step: `finding:${finding.at}`, told: finding });
    for (const note of noted()) list.push({ page: pageOf(note), step: `note:${note.at}`, told: note });
  }
  return list;
}

/* A mark of a finding is bright at its own finding only, not at each that leans on one of the same facts. */
function dim(page, keep, told) {
  for (const mark of page.querySelectorAll("[data-events]")) {
    const own = tokens(mark), whole = told && mark.matches(".tag, .bracket, .hatch, .remark");
    const bright = whole ? own.every(keep) && (mark.matches(".remark") || own.length === told.events.length) : keep && own.some(keep);
    mark.classList.toggle("dim", keep !== null && !bright);
  }
}

function draw(say = true) {
  const list = steps(), own = pages();
  state.step = Math.min(Math.max(state.step, 0), list.length - 1);
  const { page, told } = list[state.step];
  const filtered = state.sector || state.agency;
  for (const section of stage.children) {
    const mine = own.includes(section);
    section.hidden = !mine || !(state.overview || own[page] === section);
    section.toggleAttribute("data-shown", mine);
    const at = told?.events.length && !state.overview ? told : null;
    if (mine) dim(section, at ? id => at.events.includes(id) : filtered ? id => fits(data.events[id]) : null, at);
  }
  stage.classList.toggle("overview", state.overview);
  const words = data.words[state.lang];
  if (say) tell(state.overview ? [words.overview] : told ? told[state.lang]
    : [words.page.replace("{page}", page + 1).replace("{pages}", own.length), ...(own[page].querySelector(".strip") ? voices(own[page]) : [])]);
  byId("place").textContent = `${words.step} ${state.step + 1} / ${list.length}`;
  byId("view").setAttribute("aria-pressed", String(state.view === "facts"));
  byId("overview").setAttribute("aria-pressed", String(state.overview));
  const ids = new Set(shown().map(one => String(one.at))), notes = new Set(noted().map(one => String(one.at)));
  for (const row of document.querySelectorAll("tr[data-finding]")) row.hidden = !ids.has(row.dataset.finding);
  for (const row of document.querySelectorAll("tr[data-note]")) row.hidden = !notes.has(row.dataset.note);
  for (const row of document.querySelectorAll("tr[data-event]")) row.hidden = !fits(data.events[row.dataset.event]);
}

const MOST = 1; // the table holds all
/* What went well and what the youth and the parents say, of the facts on a page. */
function voices(page) {
  const words = data.words[state.lang], facts = new Set([...page.querySelectorAll("[data-events]")].flatMap(tokens));
  return [["went_well", "no_good"], ["voice", "nobody"]].filter(([part]) => part === "voice" || state.view === "findings")
    .map(([part, none]) => {
      const own = data.voices.filter(one => one.part === part && one.events.some(id => facts.has(id)));
      const more = own.length > MOST ? `; ${words.others.replace("{n}", own.length - MOST)}` : "";
      return own.length ? `${words[part]}: ${own.slice(0, MOST).map(one => one[state.lang]).join("; ")}${more}` : words[none];
    });
}

function tell(lines) {
  told.replaceChildren(...lines.filter(Boolean).map(line => Object.assign(document.createElement("p"), { textContent: line })));
}

function language(lang) {
  const { page, step } = steps()[state.step];
  state.lang = root.lang = lang;
  const same = steps().findIndex(one => one.step === step); // the other language may have fewer pages
  state.step = step && same >= 0 ? same : Math.min(page, pages().length - 1);
  for (const element of document.querySelectorAll("[data-nl]")) element.textContent = element.dataset[lang];
  for (const table of document.querySelectorAll(".scroll")) table.hidden = table.lang !== lang;
  document.title = byId("title").textContent;
  draw();
}

const go = by => { state.overview = false; state.step += by; draw(); };
const act = {
  next: () => go(1), back: () => go(-1), first: () => go(-Infinity), last: () => go(Infinity),
  view: () => { state.step = steps()[state.step].page; state.view = state.view === "facts" ? "findings" : "facts"; draw(); },
  overview: () => { state.overview = !state.overview; draw(); },
  lang: () => language(state.lang === "nl" ? "en" : "nl"),
  theme: () => { root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"; },
  help: () => tell([data.words[state.lang].help]),
};
const keys = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "back", PageUp: "back", Home: "first", End: "last",
  f: "view", o: "overview", l: "lang", d: "theme", "?": "help" };

document.addEventListener("keydown", event => {
  if (event.target.closest("textarea")) return;
  const own = event.target.closest("select, input") ? !/^Page/.test(event.key) : event.target.closest("button") && event.key === " ";
  if (event.ctrlKey || event.altKey || event.metaKey || own) return;
  if (keys[event.key]) { event.preventDefault(); act[keys[event.key]](); }
});
for (const name of Object.keys(act)) byId(name)?.addEventListener("click", act[name]);
for (const name of ["sector", "agency"]) byId(name).addEventListener("change", event => { state[name] = event.target.value; draw(); });
byId("certain").addEventListener("change", event => { state.certain = event.target.checked; draw(); });

function records(event) {
  const mark = event.target.closest?.("[data-events]");
  if (!mark || !stage.contains(mark)) return;
  const lines = tokens(mark).map(id => document.querySelector(`.scroll[lang=${state.lang}] tr[data-event="${CSS.escape(id)}"]`))
    .filter(Boolean).map(row => [...row.cells].map(cell => cell.textContent).filter(Boolean).join(" \u00b7 "));
  if (lines.length) tell(lines);
}
stage.addEventListener("pointerover", records);
stage.addEventListener("focusin", records);
document.addEventListener("click", event => {
  const button = event.target.closest("button[data-go]");
  if (!button) return;
  state.view = "findings";
  state.overview = false;
  state.step = steps().findIndex(step => step.step === button.dataset.go);
  draw();
  stage.scrollIntoView();
});

/* What was learned, as TOML: to a file of the reader's own, and to nobody. */
const form = byId("learning");
let kept = true;
const quoted = text => JSON.stringify(text.replace(/[\ud800-\udfff]/gu, "\ufffd")).replace(/\x7f/g, "\\u007f");
function learned() {
  const rows = [...form.querySelectorAll("tr[data-aspect]")].map(row => [["aspect", row.dataset.aspect],
    ...[...row.querySelectorAll("textarea")].map(area => [area.dataset.field, area.value.trim()])]);
  return rows.filter(row => row.slice(1).some(([, text]) => text))
    .map(row => ["[[learning]]", ...row.map(([name, text]) => `${name} = ${quoted(text)}`), ""].join("\n")).join("\n");
}
form.addEventListener("input", () => { kept = false; });
form.addEventListener("click", event => {
  const row = event.target.closest("button.add")?.closest("tr");
  if (!row) return;
  const more = row.cloneNode(true);
  for (const area of more.querySelectorAll("textarea")) area.value = "";
  for (const own of more.querySelectorAll("[id]")) own.removeAttribute("id");
  row.after(more);
  more.querySelector("textarea").focus();
});
byId("save").addEventListener("click", () => {
  const words = data.words[state.lang], href = URL.createObjectURL(new Blob([learned()], { type: "application/toml" }));
  Object.assign(document.createElement("a"), { href, download: words.learning_file }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
  kept = true;
  byId("kept").textContent = words.learning_saved;
});
addEventListener("beforeunload", event => { if (!kept) event.preventDefault(); });

unpack().then(() => { draw(); root.dataset.ready = "yes"; });
