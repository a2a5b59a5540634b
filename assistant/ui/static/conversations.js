// The kept conversations: found, opened, renamed, deleted and restored; answers judged.
import { act, ask, guarded, noteGone, relist, word } from "./server.js";
import { conversationId } from "./citations.js";

const PAUSE_MS = 200;
let waiting = 0;

const area = () => document.getElementById("mj-conversations");
const list = () => area().querySelector(".mj-rows");

export const listConversations = guarded(async () => {
  const wanted = area().querySelector("input").value;
  await relist(list(), "/mujaz/conversations", { wanted });
  for (const row of area().querySelectorAll(".mj-kept")) {
    const current = row.dataset.conversation === conversationId();
    row.querySelector(".mj-title").toggleAttribute("aria-current", current);
  }
});

const rename = guarded(async (row) => {
  const link = row.querySelector(".mj-title");
  const box = Object.assign(document.createElement("input"), {
    type: "text", value: link.textContent, dir: "auto", maxLength: 80, className: "mj-renaming",
  });
  box.setAttribute("aria-label", word("rename"));
  link.replaceWith(box);
  box.focus();
  box.select();
  const done = guarded(async (keep) => {
    if (!box.isConnected || box.disabled) return;
    box.disabled = true;
    if (keep) {
      const id = row.dataset.conversation;
      await ask(`/mujaz/conversations/${id}`, { method: "PATCH", body: { title: box.value } });
      if (id === conversationId()) act("renamed");
    }
    await listConversations();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") done(true);
    if (event.key === "Escape") done(false);
  });
  box.addEventListener("blur", () => done(true));
});

const remove = guarded(async (row) => {
  const id = row.dataset.conversation;
  const title = row.querySelector(".mj-title").textContent;
  const at = [...list().children].indexOf(row);
  const wasOpen = id === conversationId();
  await ask(`/mujaz/conversations/${id}`, { method: "DELETE" });
  if (wasOpen) act("deleted");
  await listConversations();
  noteGone(list(), at, `${word("deleted")} ${title}`, () => restore(id, wasOpen));
});

const restore = guarded(async (id, reopen = false) => {
  await ask(`/mujaz/conversations/${id}/restoration`, { method: "POST" });
  if (reopen) act("open", id);
  await listConversations();
  list().querySelector(`[data-conversation="${id}"] .mj-title`)?.focus();
});

function onClick(event) {
  const button = event.target.closest("button, a");
  const row = button?.closest(".mj-kept, .mj-deleted");
  if (!row) return;
  event.preventDefault();
  if (button.dataset.do === "open") act("open", row.dataset.conversation);
  if (button.dataset.do === "rename") rename(row);
  if (button.dataset.do === "delete") remove(row);
  if (button.dataset.do === "restore") restore(row.dataset.conversation);
}

export async function startConversations() {
  const search = Object.assign(document.createElement("input"), {
    type: "search", placeholder: word("find_conversation"), dir: "auto",
  });
  search.setAttribute("aria-label", word("find_conversation"));
  search.addEventListener("input", () => {
    list().querySelector(".mj-gone")?.remove();
    clearTimeout(waiting);
    waiting = setTimeout(listConversations, PAUSE_MS);
  });
  area().replaceChildren(
    search,
    Object.assign(document.createElement("div"), { className: "mj-rows" }),
  );
  area().addEventListener("click", onClick);
  await listConversations();
}

const put = (exchange, body) =>
  ask(`/mujaz/conversations/${conversationId()}/exchanges/${exchange}/rating`, { method: "PUT", body });

/** Keeps what the reader thinks of an answer. A second press takes it back, or asks why again. */
export const judge = guarded(async (button, verdict) => {
  const acts = button.closest(".mj-acts");
  if (acts.dataset.busy) return;
  acts.dataset.busy = "yes";
  try {
    const taken = button.classList.contains("mj-chosen");
    const asked = acts.querySelector(".mj-why");
    if (verdict === "wrong" && taken) {
      if (!asked) acts.append(askWhy(acts));
      else if (asked.elements[0].value.trim() === reason(acts)) asked.remove();
      return;
    }
    await settle(acts, taken ? null : verdict);
    asked?.remove();
    if (verdict === "wrong") acts.append(askWhy(acts));
  } finally {
    delete acts.dataset.busy;
  }
});

const reason = (acts) => acts.querySelector(".mj-reason q")?.textContent ?? "";

/** Keeps a verdict, null for none, with its reason, and shows both. */
async function settle(acts, verdict, why = "") {
  await put(acts.id.slice("mj-a-".length), { verdict, why });
  for (const button of acts.querySelectorAll(".mj-right, .mj-wrong")) {
    button.classList.toggle("mj-chosen", button.classList.contains(`mj-${verdict}`));
  }
  acts.querySelector(".mj-reason")?.remove();
  if (why) {
    const shown = Object.assign(document.createElement("span"), { className: "mj-reason" });
    shown.setAttribute("role", "status");
    acts.append(shown);
    const quoted = Object.assign(document.createElement("q"), { dir: "auto", textContent: why });
    shown.append(word("noted"), " ", quoted);
  }
}

function askWhy(acts) {
  const form = Object.assign(document.createElement("form"), { className: "mj-why" });
  const box = Object.assign(document.createElement("input"), {
    type: "text", placeholder: word("why_wrong"), dir: "auto", maxLength: 2000,
    value: reason(acts),
  });
  box.setAttribute("aria-label", word("why_wrong"));
  const keep = Object.assign(document.createElement("button"), {
    type: "submit", textContent: word("keep_note"),
  });
  const takeBack = Object.assign(document.createElement("button"), {
    type: "button", textContent: word("take_back"),
  });
  const close = () => {
    form.remove();
    acts.querySelector(".mj-wrong").focus();
  };
  form.append(box, keep, takeBack);
  form.addEventListener("submit", guarded(async (event) => {
    event.preventDefault();
    await settle(acts, "wrong", box.value.trim());
    close();
  }));
  takeBack.addEventListener("click", guarded(async () => {
    await settle(acts, null);
    close();
  }));
  setTimeout(() => {
    box.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  });
  return form;
}
