// The reader: one article, its sentences beside their English, and its source guide.
import { act, ask, drawn, getHtml, getJson, guarded, readLines, shown, tell, word } from "./server.js";
import { cameFrom, onReturn } from "./history.js";
import { isPicked, markPicked, pick } from "./selection.js";
import { fillTitles } from "./titles.js";

const WIDE = window.matchMedia("(min-width: 800px)");
const MOST_SCROLLS = 12;
const FILL_MS = 1500;
const TABS = ["sources", "article", "library", "settings"];
let reading = ""; // the id of the article on view
let looking = new AbortController();
let judging = new Set(); // the sentences whose verdicts were asked for

const pane = () => document.querySelector("#mj-article .mj-pane");
const view = () => document.querySelector("#mj-article .mj-view");

export function openTab(name) {
  const tabs = document.querySelectorAll("#mj-tabs [role=tab]");
  const tab = tabs[TABS.indexOf(name)];
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
}

onReturn("article", guarded(async () => {
  openTab("article");
  await shown(pane());
  const marked = pane().querySelector(".mj-cited");
  marked?.focus({ preventScroll: true });
  await bringIntoSight(marked);
}));

/** Returns the name of the tab that is on view. */
export function tabOnView() {
  const tabs = [...document.querySelectorAll("#mj-tabs [role=tab]")];
  return TABS[tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true")];
}

/** Opens an article, at a cited span if one is given, with its translation's verdict. */
export async function openArticle(id, cited = {}, verdict = "") {
  looking.abort();
  looking = new AbortController();
  const html = await getHtml(`/mujaz/articles/${id}`, cited, looking.signal);
  reading = id;
  judging = new Set();
  openTab("article");
  await drawn("mj-article");
  pane().innerHTML = html;
  const back = view().querySelector(".mj-back");
  if (!cameFrom()) back.remove();
  if (cameFrom() === "library") back.textContent = word("back_to_library");
  markPicked();
  await shown(view());
  const bar = view().querySelector(".mj-bar");
  view().style.setProperty("--mj-bar", `${bar.offsetHeight}px`); // the columns' names stay below it
  const marked = pane().querySelector(".mj-cited");
  if (marked) {
    marked.querySelector(".mj-english")?.insertAdjacentHTML("afterend", verdict);
    marked.tabIndex = -1;
    marked.focus({ preventScroll: true });
  } else {
    const heading = pane().querySelector("h3");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  fillVerdicts();
  await bringIntoSight(marked);
  await fillTitles(view(), looking.signal);
  refreshEnglish(); // the title may be the first sentence too
}

/** Puts the verdict beside each sentence's English, where it isn't there yet; each is asked for once. */
const fillVerdicts = guarded(async () => {
  const rows = [...pane().querySelectorAll(".mj-row")].filter(
    (row) => row.querySelector(".mj-english:not(.mj-none)") && !row.querySelector(".mj-check"),
  );
  const waiting = new Map(rows.map((row) => [Number(row.dataset.sentence), row]));
  for (const number of waiting.keys()) if (judging.has(number)) waiting.delete(number);
  if (!waiting.size) return;
  for (const number of waiting.keys()) judging.add(number);
  await readLines(`/mujaz/articles/${reading}/verdicts?of=${[...waiting.keys()]}`, (line) => {
    const row = waiting.get(line.sentence);
    holding(row, () => row.querySelector(".mj-english").insertAdjacentHTML("afterend", line.html));
  }, looking.signal);
});

/** Changes a row; what is being read below it stays where it is, in Safari too. */
function holding(row, change) {
  const side = document.getElementById("mj-side");
  const scroller = WIDE.matches ? side : document.scrollingElement;
  const top = WIDE.matches ? side.getBoundingClientRect().top : 0;
  const above = row.getBoundingClientRect().bottom < top + 1;
  const before = scroller.scrollHeight;
  change();
  if (above && !CSS.supports("overflow-anchor", "auto")) {
    scroller.scrollTop += scroller.scrollHeight - before;
  }
}

/** Scrolls to the cited sentence, or to the head.
 *
 * Rows out of sight have a guessed height until they are drawn, so the first scroll may miss: it
 * is made again until nothing moves any more, or the reader has gone elsewhere.
 */
async function bringIntoSight(marked) {
  const side = document.getElementById("mj-side");
  if (!marked) {
    if (WIDE.matches) side.scrollTo({ top: 0 });
    else side.scrollIntoView({ block: "start" });
    return;
  }
  let before = NaN;
  for (let tries = 0; tries < MOST_SCROLLS; tries++) {
    if (WIDE.matches) {
      const top = marked.getBoundingClientRect().top - side.getBoundingClientRect().top;
      side.scrollTo({ top: side.scrollTop + top - side.clientHeight / 3 });
    } else {
      marked.scrollIntoView({ block: "center" });
    }
    await drawnFrame();
    if (document.activeElement !== marked) return;
    const now = marked.getBoundingClientRect().top;
    if (Math.abs(now - before) < 1) return;
    before = now;
  }
}

const drawnFrame = () =>
  new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume)));

/** Fills in the English of sentences that have been translated since. */
export const refreshEnglish = guarded(async () => {
  if (!reading || !pane()?.querySelector(".mj-row .mj-none")) return;
  const id = reading;
  let known;
  try {
    known = await getJson(`/mujaz/articles/${id}/english`);
  } catch {
    reading = ""; // it was removed meanwhile: what is on view stays as it is
    return;
  }
  if (id !== reading) return;
  for (const row of pane().querySelectorAll(".mj-row")) {
    const html = known[row.dataset.sentence];
    const missing = row.querySelector(".mj-none");
    if (html && missing) missing.outerHTML = html;
  }
  await fillVerdicts();
});

/** Translates the one sentence of a row. */
const translateRow = guarded(async (row, button) => {
  button.disabled = true;
  button.textContent = word("doing_translating");
  const path = `/mujaz/articles/${reading}/sentences/${row.dataset.sentence}/english`;
  try {
    const response = await ask(path, { method: "POST", signal: looking.signal });
    row.querySelector(".mj-none").outerHTML = await response.text();
  } catch (error) {
    button.disabled = false;
    button.textContent = word("translate");
    throw error;
  }
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  await fillVerdicts();
});

/** Saves a translation that isn't whole yet: its sentences come in on view while the file is made. */
const exportWhole = guarded(async (link) => {
  tell(word("translate_first"));
  const filling = setInterval(refreshEnglish, FILL_MS);
  try {
    const response = await ask(link.getAttribute("href"));
    const named = response.headers.get("content-disposition").split("''").at(-1);
    const url = URL.createObjectURL(await response.blob());
    Object.assign(document.createElement("a"), { href: url, download: decodeURIComponent(named) }).click();
    setTimeout(() => URL.revokeObjectURL(url), FILL_MS);
  } finally {
    clearInterval(filling);
  }
  await refreshEnglish();
});

const loadGuide = guarded(async (details) => {
  const body = details.querySelector(".mj-guide-body");
  if (body.dataset.loaded) return;
  body.dataset.loaded = "yes";
  body.textContent = word("guide_working");
  try {
    await readLines(`/mujaz/articles/${reading}/guide?lang=${document.documentElement.lang}`, (row) => {
      if (row.html) body.innerHTML = row.html;
      else body.textContent = row.error ?? `${word("guide_working")} ${row.status}`;
      if (row.error) delete body.dataset.loaded;
    }, looking.signal);
  } catch (error) {
    delete body.dataset.loaded;
    throw error;
  }
  await refreshEnglish();
});

function onClick(event) {
  const button = event.target.closest("button, a");
  if (!button || !view()) return;
  if (button.classList.contains("mj-place")) {
    event.preventDefault();
    guarded(openArticle)(reading, { start: button.dataset.start, end: button.dataset.end });
  } else if (button.classList.contains("mj-export") && view().querySelector(".mj-row .mj-none")) {
    event.preventDefault();
    exportWhole(button);
  } else if (button.dataset.do === "ask") {
    act("ask", button.textContent, reading);
  } else if (button.dataset.do === "english") {
    translateRow(button.closest(".mj-row"), button);
  } else if (button.dataset.do === "select") {
    pick(reading, !isPicked(reading));
  } else if (button.dataset.do) {
    act(button.dataset.do, reading);
    if (!WIDE.matches) document.getElementById("mj-chat")?.scrollIntoView();
  }
}

export async function startReader() {
  const area = await drawn("mj-article");
  area.addEventListener("click", onClick);
  area.addEventListener("toggle", (event) => {
    if (event.target.classList.contains("mj-guide") && event.target.open) loadGuide(event.target);
  }, true);
}
