// The kept conversations: found, opened, renamed, deleted and restored; answers judged.
import { act, ask, guarded, relist, tell, word } from "./server.js";
import { conversationId } from "./citations.js";

const PAUSE_MS = 200;
let waiting = 0;

const area = () => document.getElementById("mj-conversations");

export const listConversations = guarded(async () => {
  const wanted = area().querySelector("input").value;
  await relist(area().querySelector(".mj-rows"), "/mujaz/conversations", { wanted });
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
  await ask(`/mujaz/conversations/${id}`, { method: "DELETE" });
  if (id === conversationId()) act("deleted");
  await listConversations();
  tell(`${word("removed")} ${title}`, () => restore(id));
});

const restore = guarded(async (id) => {
  await ask(`/mujaz/conversations/${id}/restoration`, { method: "POST" });
  await listConversations();
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
    clearTimeout(waiting);
    waiting = setTimeout(listConversations, PAUSE_MS);
  });
  const rows = Object.assign(document.createElement("div"), { className: "mj-rows" });
  area().replaceChildren(search, rows);
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

const reason = (acts) => acts.querySelector(".mj-reason")?.textContent ?? "";

/** Keeps a verdict, null for none, with its reason, and shows both. */
async function settle(acts, verdict, why = "") {
  await put(acts.id.slice("mj-a-".length), { verdict, why });
  for (const button of acts.querySelectorAll(".mj-right, .mj-wrong")) {
    button.classList.toggle("mj-chosen", button.classList.contains(`mj-${verdict}`));
  }
  acts.querySelector(".mj-reason")?.remove();
  if (why) {
    acts.append(Object.assign(document.createElement("q"), {
      className: "mj-reason", dir: "auto", textContent: why,
    }));
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
    tell(word("thanks"));
  }));
  takeBack.addEventListener("click", guarded(async () => {
    await settle(acts, null);
    close();
  }));
  setTimeout(() => box.focus());
  return form;
}
