"use strict";
// Runs before Gradio. Its status trackers count tenths of a second at every frame, and the one
// of the page's loading goes on for ever (decision 9). Nothing here shows them: once a second.
(() => {
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) =>
    new Error().stack.includes("/statustracker-") ? setTimeout(draw, 1000) : frame(draw);
})();
