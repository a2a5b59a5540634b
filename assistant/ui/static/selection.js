// The articles that are selected: what is asked is limited to them.
import { setScope, word } from "./server.js";

const KEPT = "mujaz-scope";
const picked = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));

export const isPicked = (id) => picked.has(id);

export function pick(id, wanted) {
  if (wanted) picked.add(id);
  else picked.delete(id);
  showScope();
}

/** Marks what is selected, in the library and on the article on view. */
export function markPicked() {
  for (const box of document.querySelectorAll(".mj-pick")) {
    box.checked = picked.has(box.closest(".mj-listed").dataset.article);
  }
  for (const button of document.querySelectorAll(".mj-view [data-do=select]")) {
    const chosen = picked.has(button.closest(".mj-view").dataset.article);
    button.setAttribute("aria-pressed", String(chosen));
  }
}

/** Says what asking is limited to, and tells the server. */
export function showScope() {
  sessionStorage.setItem(KEPT, JSON.stringify([...picked]));
  setScope([...picked]);
  markPicked();
  const note = document.getElementById("mj-scope-note");
  if (!note) return;
  note.replaceChildren();
  if (!picked.size) return;
  const clear = Object.assign(document.createElement("button"), {
    type: "button",
    textContent: word("clear_scope"),
  });
  clear.addEventListener("click", () => {
    picked.clear();
    showScope();
  });
  note.append(word("scope").replace("{number}", picked.size), " ", clear);
}
