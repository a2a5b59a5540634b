// The English of articles' titles, put beside them as it comes.
import { guarded, readLines, tell, word } from "./server.js";

/** Fills the empty places for it in `root`. */
export const fillTitles = guarded(async (root, signal) => {
  const places = [...root.querySelectorAll(".mj-title-english:empty")];
  if (!places.length) return;
  const ids = [...new Set(places.map((place) => place.dataset.article))].join(",");
  await readLines(`/mujaz/library/titles?ids=${ids}`, (line) => {
    if (line.error) return tell(word("failed").replace("{why}", line.error));
    for (const place of places) if (place.dataset.article === line.id) place.textContent = line.title;
  }, signal);
});
