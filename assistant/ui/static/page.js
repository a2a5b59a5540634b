// The page's script: starts its parts, sends clicks in messages where they belong, and keeps up
// with what Gradio draws. The server writes all the HTML; scripts show one piece beside another.
import { act, ask, drawn, getJson, guarded, loadWords, tell, word } from "./server.js";
import { conversationId, followNewest, hideCard, listSources, markOf, openCitation } from "./citations.js";
import { goBack } from "./history.js";
import { openTab, refreshEnglish, startReader } from "./reader.js";
import { refreshLibrary, startLibrary } from "./library.js";
import { showScope } from "./selection.js";
import { judge, listConversations, startConversations } from "./conversations.js";

const BOXES = "#mj-question textarea, #mj-article-choice input, #mj-address textarea";
const SETTLED_MS = 250;
const ALIVE_MS = 4000;
const ROOM_ABOVE = 8; // pixels over a question that is kept in sight
const OPEN = "mujaz-conversation";
const DRAFT = "mujaz-draft";
let settling = 0;
let listing = 0;
let title = null; // of the conversation on view, with its length
let asked = 0; // questions on view
let followed; // the last question
let following = false; // whether it is kept in sight
let placed = 0; // where the conversation was scrolled to for that
let lost = false;
let started = "";

function onClick(event) {
  if (!(event.target instanceof Element)) return;
  closeMenus(event.target);
  const mark = markOf(event.target);
  if (mark) {
    event.preventDefault();
    event.stopPropagation();
    openCitation(mark);
    return;
  }
  if (event.target.closest("a.mj-back")) {
    event.preventDefault();
    goBack();
    return;
  }
  if (event.isTrusted && event.target.closest("#mj-tabs [role=tab]")) showTab();
  const button = event.target.closest("#mj-chat button.mj-do, #mj-top button");
  if (button) onButton(button);
}

/** Brings a tab that was chosen into sight: on a narrow page it lies below the conversation. */
function showTab() {
  if (innerWidth < 800) document.getElementById("mj-side").scrollIntoView({ block: "start" });
}

/** Closes the menus that a click is outside of, and the one that it has chosen from. */
function closeMenus(target) {
  for (const menu of document.querySelectorAll(".mj-menu[open]")) {
    if (!menu.contains(target) || target.closest(".mj-menu a")) menu.open = false;
  }
}

function onButton(button) {
  const does = (name) => button.classList.contains(`mj-${name}`);
  const block = button.closest("[id^=mj-a-], [id^=mj-u-]");
  const exchange = block?.id.slice("mj-a-".length);
  if (does("retry")) act("retry", exchange);
  else if (does("edit")) editQuestion(exchange);
  else if (does("ask")) act("ask", button.textContent, button.id.split("-").at(-1));
  else if (does("right")) judge(button, "right");
  else if (does("wrong")) judge(button, "wrong");
  else if (does("sources")) guarded(listSources)(exchange).then(showSources);
  else if (does("theme")) changeTheme();
  else if (does("list")) document.querySelector("#mj-sidebar .toggle-button")?.click();
  else if (does("leave")) signOut();
}

function showSources() {
  openTab("sources");
  document.getElementById("mj-side").scrollTop = 0;
}

/** Has a question put back into its box; what is sent next takes its place. */
function editQuestion(exchange) {
  const note = document.getElementById("mj-edit-note");
  if (!note) return;
  act("edit", exchange);
  focusOnQuestion();
  const cancel = Object.assign(document.createElement("button"), {
    type: "button",
    textContent: word("cancel_edit"),
  });
  cancel.addEventListener("click", () => {
    act("edit", "");
    focusOnQuestion();
    note.replaceChildren();
  });
  note.replaceChildren(word("editing"), " ", cancel);
  note.dataset.exchange = exchange;
}

function write(text) {
  const box = document.querySelector("#mj-question textarea");
  if (!box) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  focusOnQuestion();
}

function focusOnQuestion() {
  document.querySelector("#mj-question textarea")?.focus();
}

/** Takes the note away once the question that was edited is gone. */
function forgetEdit() {
  const note = document.getElementById("mj-edit-note");
  if (note?.hasChildNodes() && !document.getElementById(`mj-u-${note.dataset.exchange}`)) {
    note.replaceChildren();
  }
}

/**
 * Shows a question that was just asked, and its answer from the beginning: what grows longer than
 * the pane goes on below, until the reader turns to something in it.
 */
function followAsked() {
  const questions = [...document.querySelectorAll("#mj-chat .mj-question")];
  const log = document.querySelector("#mj-chat .bubble-wrap");
  const last = questions.at(-1)?.closest(".message-row");
  const id = last?.querySelector("[id^=mj-u-]")?.id;
  if (id !== followed) following = true;
  followed = id;
  asked = questions.length;
  if (!following || !log || !last) return;
  const above = last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  log.scrollTo({ top: log.scrollTop + above - ROOM_ABOVE });
  placed = log.scrollTop;
}

function leaveAlone(event) {
  if (event.target.closest?.("#mj-chat")) following = false;
}

/** Leaves the conversation where somebody else scrolled it; at its end, it may have shrunk. */
function onScroll({ target }) {
  if (!target.matches?.("#mj-chat .bubble-wrap") || Math.abs(target.scrollTop - placed) < 2) return;
  const below = target.scrollHeight - target.clientHeight - target.scrollTop;
  if (below > 2) following = false;
}

function applyTheme() {
  const chosen = localStorage.getItem("mujaz-theme");
  if (chosen) document.body.classList.toggle("dark", chosen === "dark");
}

function changeTheme() {
  const dark = !document.body.classList.contains("dark");
  localStorage.setItem("mujaz-theme", dark ? "dark" : "light");
  applyTheme();
}

/** Goes back to the conversation that was on view before a reload. */
function takeUp() {
  const before = sessionStorage.getItem(OPEN);
  if (before && before !== conversationId()) act("open", before);
}

/** Puts right what Gradio's own components say of themselves to screen readers. */
function mendNames() {
  for (const message of document.querySelectorAll("#mj-chat [aria-label*='<div']")) {
    const ours = message.querySelector(".mj-question") ?? message.closest(".user");
    message.setAttribute("aria-label", word(ours ? "question" : "answer"));
  }
  for (const judged of document.querySelectorAll("#mj-chat .mj-right, #mj-chat .mj-wrong")) {
    judged.setAttribute("aria-pressed", String(judged.classList.contains("mj-chosen")));
  }
  for (const [theirs, ours] of [["chatbot conversation", "conversation"], ["More tabs", "more"],
    ["Click to upload or drop files", "add_articles"], ["File upload", "add_articles"]]) {
    for (const named of document.querySelectorAll(`[aria-label="${theirs}"]`)) {
      named.setAttribute("aria-label", word(ours));
    }
  }
  const examples = document.querySelector("#mj-chat .examples");
  if (examples) {
    examples.setAttribute("role", "group"); // a list would have to hold list items
    examples.setAttribute("aria-label", word("try_asking"));
    for (const example of examples.children) example.removeAttribute("aria-label");
  }
  const isOpen = document.getElementById("mj-sidebar").classList.contains("open");
  for (const toggle of document.querySelectorAll("#mj-sidebar .toggle-button, .mj-list")) {
    toggle.setAttribute("aria-label", word("conversations"));
    toggle.setAttribute("aria-controls", "mj-conversations");
    toggle.setAttribute("aria-expanded", String(isOpen));
  }
}

/** Hands the focus back to the button that opened the sidebar, when it closes around it. */
function onSidebar() {
  mendNames();
  const sidebar = document.getElementById("mj-sidebar");
  const within = sidebar.contains(document.activeElement);
  if (!sidebar.classList.contains("open") && within) document.querySelector(".mj-list").focus();
}

/** Offers to sign out, to a reader who had to log in. */
const offerSignOut = guarded(async () => {
  const { user } = await getJson("/mujaz/me");
  if (user === null) return;
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "mj-do mj-leave", textContent: `${word("sign_out")} (${user})`,
  });
  document.querySelector("#mj-top .mj-top > div").append(button);
});

const signOut = guarded(async () => {
  const { url } = await ask("/logout", { method: "POST" });
  location.assign(url); // the login page, where the answer led
});

function settled() {
  mendNames();
  for (const box of document.querySelectorAll(BOXES)) {
    if (box.dir !== "auto") box.dir = "auto";
    if (box.closest("#mj-article-choice")) box.placeholder = word("which_article");
  }
  forgetEdit();
  followAsked();
  const now = `${document.querySelector(".mj-headline")?.id} ${asked} ${document.title}`;
  if (now !== title) {
    title = now;
    sessionStorage.setItem(OPEN, conversationId());
    listConversations();
  }
  followNewest();
  refreshEnglish();
}

/** Says when the server is gone, and loads the page anew once another run of it is there. */
async function watch() {
  try {
    const { id } = await getJson("/mujaz/started");
    if (started && id !== started) startAnew();
    if (lost) tell(word("connection_back"));
    started = id;
    lost = false;
  } catch (error) {
    if (!(error instanceof TypeError)) return; // it answered: we may no longer ask, and are told why
    lost = true;
    tell(word("connection_lost"));
  }
  setTimeout(watch, ALIVE_MS);
}

/** Loads the page anew; what was being written in the question's box is still there. */
function startAnew() {
  sessionStorage.setItem(DRAFT, document.querySelector("#mj-question textarea")?.value ?? "");
  location.reload();
}

function takeUpDraft() {
  const draft = sessionStorage.getItem(DRAFT);
  sessionStorage.removeItem(DRAFT);
  if (draft) write(draft);
}

function observe() {
  const changed = () => {
    clearTimeout(settling);
    settling = setTimeout(settled, SETTLED_MS);
  };
  new MutationObserver(changed).observe(document.getElementById("mj-talk"), {
    childList: true,
    subtree: true,
    characterData: true,
  });
  const listed = () => {
    clearTimeout(listing);
    listing = setTimeout(refreshLibrary, SETTLED_MS);
  };
  new MutationObserver(listed).observe(document.getElementById("mj-version"), {
    childList: true,
    subtree: true,
    characterData: true,
  });
  new MutationObserver(onSidebar).observe(document.getElementById("mj-sidebar"), {
    attributeFilter: ["class"],
  });
  changed();
}

async function start() {
  await loadWords();
  document.addEventListener("click", onClick, true);
  for (const turned of ["pointerdown", "wheel", "touchmove", "keydown"]) {
    document.addEventListener(turned, leaveAlone, { capture: true, passive: true });
  }
  document.addEventListener("scroll", onScroll, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hideCard();
    if (event.target instanceof Element && event.target.closest("#mj-article")) goBack();
  });
  document.querySelector(".mj-tongue").removeAttribute("target"); // the sanitiser's
  offerSignOut();
  await startConversations();
  await Promise.all(["mj-talk", "mj-version"].map(drawn)); // not before there are articles
  guarded(startLibrary)().then(mendNames); // the library has boxes of Gradio's too
  guarded(startReader)();
  showScope();
  takeUp();
  takeUpDraft();
  observe();
  watch();
}

/** Waits until Gradio has drawn the page. */
async function whenDrawn() {
  await Promise.all(["mj-top", "mj-conversations"].map(drawn));
  applyTheme();
  guarded(start)();
}
whenDrawn();
