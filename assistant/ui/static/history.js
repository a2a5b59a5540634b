// The browser's own Back leads out of an article, to what it was opened from.
const ways = new Map(); // what leads back, by the place that an article was opened from
let from = history.state?.mujaz ?? "";
history.scrollRestoration = "manual"; // what leads back scrolls to its place by itself

/** Has `lead` called when Back leads to a place; "article" is reached by Forward. */
export function onReturn(place, lead) {
  ways.set(place, lead);
}

/** Makes Back lead to a place, once for however many articles are opened after another. */
export function leave(place) {
  if (from) history.replaceState({ mujaz: place }, "");
  else history.pushState({ mujaz: place }, "");
  from = place;
}

/** Returns the place that Back leads to; "" where it leads out of the page. */
export const cameFrom = () => from;

/** Goes back as the browser's Back does. */
export function goBack() {
  if (from) history.back();
}

addEventListener("popstate", (event) => {
  const to = event.state?.mujaz ? "article" : from;
  from = event.state?.mujaz ?? "";
  ways.get(to)?.();
});
