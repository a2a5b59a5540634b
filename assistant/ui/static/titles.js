// The English of articles' titles, put beside them as it comes.
import { guarded, readLines, tell, word } from "./server.js";

/** Fills the empty places for it in `root`, and says of all where a check contradicts it. */
export const fillTitles = guarded(async (root, signal) => {
  const places = [...root.querySelectorAll(".mj-title-english")];
  if (!places.length) return;
  const of = (place) => place.dataset.article ?? place.id.slice("mj-e-".length);
  const ids = [...new Set(places.map(of))].join(",");
  await readLines(`/mujaz/library/titles?ids=${ids}`, (line) => {
    if (line.error) return tell(word("failed").replace("{why}", line.error));
    for (const place of places.filter((one) => of(one) === line.id)) {
      place.classList.toggle("mj-doubted", Boolean(line.doubted));
      if (line.doubted) place.title = word("title_doubted");
      else if (!place.textContent) place.textContent = line.title;
    }
  }, signal);
});
