// The library: found by words and filters, selected to limit what is asked, removed and restored.
import { act, ask, drawn, getHtml, guarded, noteGone, relist, shown, word } from "./server.js";
import { leave, onReturn } from "./history.js";
import { openArticle, openTab } from "./reader.js";
import { pick, showScope } from "./selection.js";
import { fillTitles } from "./titles.js";

const PAUSE_MS = 200;
let waiting = 0;
let looking = new AbortController();
let openedFrom = ""; // the article whose row opened it last

const area = () => document.getElementById("mj-library");
const rows = () => area().querySelector(".mj-rows");
const titleOf = (id) => rows().querySelector(`[data-article="${id}"] .mj-title`);
const bin = () => area().querySelector(".mj-removed");

function wanted() {
  const found = {};
  for (const field of area().querySelectorAll("[data-filter]")) {
    found[field.dataset.filter] = field.value;
  }
  return found;
}

export const listArticles = guarded(async (offset = 0) => {
  looking.abort();
  looking = new AbortController();
  const html = await getHtml("/mujaz/library", { ...wanted(), offset }, looking.signal);
  if (offset) {
    rows().querySelector(".mj-tally")?.remove();
    rows().insertAdjacentHTML("beforeend", html);
  } else {
    rows().innerHTML = html;
  }
  showScope();
  fillTitles(rows(), looking.signal);
});

/** Lists the articles and the filters anew: some came or went. */
export const refreshLibrary = guarded(async () => {
  if (!area()?.querySelector(".mj-selects")) return; // not opened yet
  const chosen = wanted();
  const place = area().querySelector(".mj-selects");
  place.innerHTML = await getHtml("/mujaz/library/filters");
  for (const select of place.querySelectorAll("select")) {
    select.value = chosen[select.dataset.filter] ?? "";
    select.setAttribute("aria-label", word(select.dataset.filter));
  }
  await listArticles();
  await relist(bin(), "/mujaz/library/removed");
  fillTitles(bin(), looking.signal);
});

const restore = guarded(async (id) => {
  await ask(`/mujaz/articles/${id}/restoration`, { method: "POST" });
  await refreshLibrary();
  titleOf(id)?.focus();
});

const remove = guarded(async (row) => {
  const id = row.dataset.article;
  const at = [...rows().children].indexOf(row);
  const [english, original] = [".mj-title-english", ".mj-title"].map(
    (part) => row.querySelector(part).textContent,
  );
  await ask(`/mujaz/articles/${id}`, { method: "DELETE" });
  pick(id, false);
  await refreshLibrary();
  const title = english ? `${english} (${word("title_by_machine")})` : original;
  noteGone(rows(), at, `${word("removed")} ${title}`, () => restore(id));
});

const open = guarded(async (id) => {
  leave("library");
  openedFrom = id;
  await openArticle(id);
});

onReturn("library", guarded(async () => {
  openTab("library");
  await shown(area());
  const title = titleOf(openedFrom);
  title?.focus({ preventScroll: true });
  title?.scrollIntoView({ block: "center" });
}));

function onClick(event) {
  const button = event.target.closest("button, a");
  if (!button) return;
  if (button.classList.contains("mj-more")) return listArticles(Number(button.dataset.offset));
  const row = button.closest(".mj-listed, .mj-binned");
  if (!row || !button.dataset.do) return;
  event.preventDefault();
  if (button.dataset.do === "open") open(row.dataset.article);
  else if (button.dataset.do === "remove") remove(row);
  else if (button.dataset.do === "restore") restore(row.dataset.article);
  else {
    act(button.dataset.do, row.dataset.article);
    if (innerWidth < 800) document.getElementById("mj-chat")?.scrollIntoView();
  }
}

/** Puts the English of what came in into each report. */
function fillReport() {
  const place = document.getElementById("mj-report");
  let filled = null;
  const fill = () => {
    const report = place.querySelector(".mj-report");
    if (report && report !== filled) fillTitles(place);
    filled = report;
  };
  new MutationObserver(fill).observe(place, { childList: true, subtree: true });
  fill();
}

function makeFilters() {
  const box = Object.assign(document.createElement("div"), { className: "mj-filters" });
  const search = field("search", "wanted", word("find_article"));
  search.dir = "auto";
  const dates = Object.assign(document.createElement("span"), { className: "mj-dates" });
  dates.append(labelled("since"), labelled("until"));
  box.append(
    search,
    Object.assign(document.createElement("span"), { className: "mj-selects" }),
    dates,
  );
  return box;
}

function field(type, filter, name) {
  const input = Object.assign(document.createElement("input"), { type, placeholder: name });
  input.dataset.filter = filter;
  input.setAttribute("aria-label", name);
  return input;
}

function labelled(filter) {
  const label = document.createElement("label");
  label.append(word(filter), field("date", filter, word(filter)));
  return label;
}

export async function startLibrary() {
  await drawn("mj-library");
  area().replaceChildren(
    makeFilters(),
    Object.assign(document.createElement("div"), { className: "mj-rows" }),
    Object.assign(document.createElement("div"), { className: "mj-removed" }),
  );
  rows().setAttribute("aria-live", "polite");
  area().addEventListener("input", (event) => {
    if (!event.target.dataset.filter) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => listArticles(), PAUSE_MS);
  });
  area().addEventListener("change", (event) => {
    if (event.target.classList.contains("mj-pick")) {
      pick(event.target.closest(".mj-listed").dataset.article, event.target.checked);
    }
  });
  area().addEventListener("click", onClick);
  fillReport();
  await refreshLibrary();
}
