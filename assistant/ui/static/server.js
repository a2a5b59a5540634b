// Talks to the server: pieces of HTML to show, and what Gradio's events are to do.

export const language = document.documentElement.lang === "ar" ? "ar" : "en";
const TOLD_MS = 6000;
const HEADERS = { "Content-Type": "application/json" };
let texts = {};
let told = 0;

export async function loadWords() {
  texts = await getJson("/mujaz/words");
}

export function word(key) {
  return texts[key] ?? key;
}

function within(path, values = {}) {
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries({ ...values, lang: language })) {
    if (value !== "" && value !== null && value !== undefined) address.searchParams.set(name, value);
  }
  return address;
}

export async function ask(path, options = {}) {
  const response = await fetch(within(path, options.values), {
    method: options.method ?? "GET",
    headers: options.body ? HEADERS : {},
    body: options.body ? JSON.stringify(options.body) : undefined,
    signal: options.signal,
  });
  if (response.status === 401) {
    const next = location.pathname + location.search;
    location.assign(`/login?${new URLSearchParams({ lang: language, next })}`);
    throw new DOMException("the session has ended", "AbortError");
  }
  if (!response.ok) {
    let why = response.statusText;
    try {
      why = (await response.json()).error ?? why;
    } catch {
      // not JSON: the status says all there is
    }
    throw new Error(why);
  }
  return response;
}

export async function getHtml(path, values, signal) {
  return (await ask(path, { values, signal })).text();
}

/** Shows a list anew; what can be put back stays open or closed, and a note stays where it is. */
export async function relist(place, path, values) {
  const html = await getHtml(path, values);
  const open = place.querySelector(".mj-bin")?.open;
  const note = place.querySelector(".mj-gone");
  const at = [...place.children].indexOf(note);
  const focused = note?.contains(document.activeElement);
  place.innerHTML = html;
  if (open) place.querySelector(".mj-bin")?.setAttribute("open", "");
  if (note) place.insertBefore(note, place.children[at] ?? null);
  if (focused) note.querySelector("button").focus();
}

/** Says, where a row of a list was, that it is gone; its button puts the row back. */
export function noteGone(place, at, text, undo) {
  place.querySelector(".mj-gone")?.remove();
  const note = Object.assign(document.createElement("div"), { className: "mj-gone" });
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "mj-do", textContent: word("undo"),
  });
  button.setAttribute("aria-label", `${word("undo")}: ${text}`);
  button.addEventListener("click", () => {
    note.remove();
    undo();
  });
  note.append(Object.assign(document.createElement("span"), { textContent: text, dir: "auto" }), button);
  place.insertBefore(note, place.children[at] ?? null);
  button.focus();
}

export async function getJson(path, values) {
  return (await ask(path, { values })).json();
}

/** Calls `take` with each line of JSON as it comes. */
export async function readLines(path, take, signal) {
  const response = await ask(path, { signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) take(JSON.parse(line));
  }
}

function setHidden(id, value) {
  const box = document.querySelector(`#${id} textarea, #${id} input`);
  if (!box) return;
  box.value = value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Has Gradio's events do something, `of` one article where that is given: see `Handlers.act`. */
export function act(does, to = "", of = "") {
  told += 1;
  setHidden("mj-bridge", JSON.stringify({ does, to, of, number: told }));
}

/** Limits what is asked to these articles; none for all of them. */
export function setScope(ids) {
  setHidden("mj-scope", JSON.stringify(ids));
}

/** Shows a line in the page's corner for a while. */
export function tell(text) {
  const bar = document.getElementById("mj-told") ?? makeBar();
  for (const same of bar.children) if (same.textContent === text) same.remove();
  const line = Object.assign(document.createElement("div"), { textContent: text, dir: "auto" });
  bar.append(line);
  setTimeout(() => line.remove(), TOLD_MS);
}

function makeBar() {
  const bar = Object.assign(document.createElement("div"), { id: "mj-told" });
  bar.setAttribute("role", "status");
  document.querySelector(".gradio-container").append(bar);
  return bar;
}

/** Runs what a click asked for; what goes wrong is told. */
export function guarded(work) {
  return (...given) =>
    Promise.resolve(work(...given)).catch((error) => {
      if (error.name !== "AbortError") tell(word("failed").replace("{why}", error.message));
    });
}

/** Waits until an element can be seen: a tab's come on view a moment after it is chosen. */
export async function shown(element) {
  while (element.isConnected && !element.getClientRects().length) {
    await new Promise(requestAnimationFrame);
  }
}

/** Waits until Gradio has drawn an element: a tab's are drawn when it is first opened. */
export async function drawn(id) {
  for (;;) {
    const element = document.getElementById(id);
    if (element) return element;
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
