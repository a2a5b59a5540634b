// Citations: a mark `<a class="mj-chip" href="#mj-c-EXCHANGE-N">` in an answer shows its source
// on a card while it is pointed at, and opens the article at the cited span when pressed.
import { getHtml, getJson, guarded, shown, word } from "./server.js";
import { leave, onReturn } from "./history.js";
import { openArticle, openTab, tabOnView } from "./reader.js";
import { fillTitles } from "./titles.js";

const HOVER_MS = 120;
const PATTERN = /^#mj-c-(\w+)-(\d+)$/;
const known = new Map();
let hovering = 0;
let over = null; // the mark whose card is on view
let openedFrom = null; // the id of the mark that opened the article
let tabBefore = { name: "article", top: 0 }; // the tab that was on view then, and where
let listed = ""; // the exchange whose sources are listed, how many it has, and whether it ended

export function conversationId() {
  return document.querySelector(".mj-headline")?.id.slice("mj-h-".length) ?? "";
}

const path = (exchange) => `/mujaz/conversations/${conversationId()}/exchanges/${exchange}`;

export function markOf(target) {
  const mark = target instanceof Element ? target.closest("a.mj-chip, a.mj-open-article") : null;
  return mark && PATTERN.test(mark.hash) ? mark : null;
}

async function citationOf(mark) {
  const [, exchange, n] = mark.hash.match(PATTERN);
  const address = `${path(exchange)}/citations/${n}`;
  if (!known.has(address)) known.set(address, await getJson(address));
  return known.get(address);
}

function card() {
  let box = document.getElementById("mj-card");
  if (!box) {
    box = Object.assign(document.createElement("div"), { id: "mj-card", hidden: true });
    box.setAttribute("role", "tooltip");
    document.querySelector(".gradio-container").append(box);
  }
  return box;
}

async function showCard(mark) {
  over = mark;
  const found = await citationOf(mark);
  if (over !== mark || !mark.isConnected) return;
  const box = card();
  box.innerHTML = found.card;
  box.hidden = false;
  mark.setAttribute("aria-describedby", "mj-card");
  const at = mark.getBoundingClientRect();
  const width = Math.min(440, innerWidth - 24);
  box.style.width = `${width}px`;
  box.style.left = `${Math.max(12, Math.min(at.left, innerWidth - width - 12))}px`;
  const below = innerHeight - at.bottom > box.offsetHeight + 16;
  box.style.top = below ? `${at.bottom + 8}px` : `${Math.max(8, at.top - box.offsetHeight - 8)}px`;
  await fillTitles(box);
  if (over === mark) found.card = box.innerHTML;
}

export function hideCard() {
  clearTimeout(hovering);
  over?.removeAttribute("aria-describedby");
  over = null;
  card().hidden = true;
}

export const openCitation = guarded(async (mark) => {
  hideCard();
  if (mark.classList.contains("mj-chip")) openedFrom = mark.id;
  const found = await citationOf(mark);
  for (const chip of document.querySelectorAll("a.mj-chip")) {
    chip.classList.toggle("mj-active", chip.hash === mark.hash);
  }
  if (found.article) {
    tabBefore = { name: tabOnView(), top: document.getElementById("mj-side").scrollTop };
    leave("answer");
    await openArticle(found.article, { start: found.start, end: found.end }, found.verdict);
    return;
  }
  const [, exchange, n] = mark.hash.match(PATTERN); // the article is gone, its quote isn't
  openTab("sources");
  await listSources(exchange);
  const source = document.getElementById(`mj-c-${exchange}-${n}`);
  await shown(source);
  source.focus({ preventScroll: true });
  source.scrollIntoView({ block: "start" });
});

onReturn("answer", () => {
  goToTab(tabBefore);
  const from = openedFrom && document.getElementById(openedFrom);
  const mark = from || [...document.querySelectorAll("#mj-chat a.mj-chip")].at(-1);
  if (!mark) return;
  mark.focus({ preventScroll: true });
  mark.scrollIntoView({ block: innerWidth < 800 ? "center" : "nearest" });
});

/** Opens the tab that a citation was pressed beside, where it was scrolled to. */
const goToTab = guarded(async ({ name, top }) => {
  openTab(name);
  await shown(document.getElementById(`mj-${name}`) ?? document.body);
  if (innerWidth >= 800) document.getElementById("mj-side").scrollTop = top;
});

/** Lists what an answer cites in the Sources pane. */
export async function listSources(exchange) {
  const html = await getHtml(`${path(exchange)}/sources`);
  const pane = document.querySelector("#mj-sources .mj-pane");
  if (!pane || !html) return;
  const focused = pane.contains(document.activeElement) ? document.activeElement.id : "";
  pane.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (isEnded(exchange)) fillTitles(pane); // not while the answer is in need of the translator
}

const isEnded = (exchange) => Boolean(document.getElementById(`mj-a-${exchange}`));

/** Lists the sources of the newest answer, when they have changed. */
export const followNewest = guarded(async () => {
  const marks = [...document.querySelectorAll("#mj-chat a.mj-chip")];
  const last = marks.at(-1)?.hash.match(PATTERN);
  const exchange = last ? last[1] : "";
  const count = marks.filter((mark) => mark.hash.startsWith(`#mj-c-${exchange}-`)).length;
  const state = exchange && `${conversationId()} ${exchange} ${count} ${isEnded(exchange)}`;
  if (state === listed) return;
  if (!state) {
    const pane = document.querySelector("#mj-sources .mj-pane");
    if (listed && pane) pane.innerHTML = `<p class="mj-hint">${word("no_sources")}</p>`;
    listed = "";
    return;
  }
  if (!conversationId()) return;
  listed = state;
  await listSources(exchange);
});

document.addEventListener("mouseover", (event) => {
  const mark = markOf(event.target);
  if (mark === over && mark) return;
  if (!mark) {
    if (over && !(event.target instanceof Element && event.target.closest("#mj-card"))) hideCard();
    clearTimeout(hovering);
    return;
  }
  clearTimeout(hovering);
  hovering = setTimeout(() => guarded(showCard)(mark), HOVER_MS);
});
document.addEventListener("focusin", (event) => {
  const mark = markOf(event.target);
  if (mark?.matches(":focus-visible")) guarded(showCard)(mark);
  else if (over) hideCard();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && over) hideCard();
});
document.addEventListener("scroll", () => over && hideCard(), true);
