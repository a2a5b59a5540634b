"use strict";
// Opens citations: a chip `<a class="mj-chip" href="#mj-c-ANSWER-N">` belongs to the passage
// with that id in the Sources pane. The server renders both; this shows one beside the other.
(() => {
  const WIDE = window.matchMedia("(min-width: 800px)");
  const HOVER_MS = 120;
  let newest = null; // the id of the last answer's sources
  let shown = null; // the id of the sources on view
  let opened = null; // the id of the open passage
  let openedFrom = null; // the id of the chip that opened it
  let hovering = 0;

  const chipOf = (event) =>
    event.target instanceof Element ? event.target.closest("a.mj-chip") : null;
  const passageOf = (chip) => document.getElementById(chip.hash.slice(1));

  function refresh() {
    const sections = [...document.querySelectorAll("section.mj-sources")];
    const last = sections.length ? sections[sections.length - 1].id : null;
    if (last !== newest || !sections.some((section) => section.id === shown)) {
      if (last !== newest) document.getElementById("mj-side")?.scrollTo({ top: 0 });
      newest = last;
      shown = last;
    }
    for (const section of sections) {
      section.classList.toggle("mj-shown", section.id === shown);
    }
    for (const passage of document.querySelectorAll("article.mj-source")) {
      passage.classList.toggle("mj-open", passage.id === opened);
    }
    for (const chip of document.querySelectorAll("a.mj-chip")) {
      chip.classList.toggle("mj-active", chip.hash.slice(1) === opened);
    }
  }

  function revealPane(passage) {
    if (passage.offsetParent === null) {
      document.querySelector("#mj-tabs [role=tab]")?.click();
    }
  }

  function scrollTo(passage, mayMovePage) {
    const pane = document.getElementById("mj-side");
    const smooth = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = smooth ? "smooth" : "auto";
    if (WIDE.matches && pane) {
      const mark = passage.querySelector("mark") ?? passage;
      const room = pane.clientHeight;
      const top = passage.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      const end = mark.getBoundingClientRect().bottom - pane.getBoundingClientRect().top;
      // The passage's head at the top, unless the marked text would then be out of sight.
      const by = end - top < room ? top - 56 : end - room + 24;
      pane.scrollTo({ top: pane.scrollTop + by, behavior });
    } else if (mayMovePage) {
      passage.scrollIntoView({ block: "start", behavior });
    }
  }

  function open(chip, clicked) {
    const passage = passageOf(chip);
    if (!passage) return;
    shown = passage.closest("section.mj-sources")?.id ?? shown;
    opened = passage.id;
    openedFrom = chip.id;
    refresh();
    if (clicked) revealPane(passage);
    requestAnimationFrame(() => {
      scrollTo(passage, clicked);
      if (clicked) passage.focus({ preventScroll: true });
    });
  }

  function goBack() {
    const chip = openedFrom && document.getElementById(openedFrom);
    if (!chip) return;
    chip.focus({ preventScroll: true });
    chip.scrollIntoView({ block: "center" });
  }

  // Captured, so that Gradio's own handling of links in messages doesn't come first.
  document.addEventListener(
    "click",
    (event) => {
      const chip = chipOf(event);
      const back = event.target instanceof Element && event.target.closest("a.mj-back");
      if (!chip && !back) return;
      event.preventDefault();
      event.stopPropagation();
      if (chip) open(chip, true);
      else goBack();
    },
    true,
  );
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("#mj-tabs [role=tab]")) {
      document.getElementById("mj-side")?.scrollTo({ top: 0 });
    }
    const asked = event.target instanceof Element && event.target.closest(".mj-summarize");
    if (asked && !WIDE.matches) document.getElementById("mj-chat")?.scrollIntoView();
  });
  document.addEventListener("focusin", (event) => {
    const chip = chipOf(event);
    if (chip && chip.hash.slice(1) !== opened) open(chip, false);
  });
  document.addEventListener("mouseover", (event) => {
    const chip = chipOf(event);
    clearTimeout(hovering);
    if (chip) hovering = setTimeout(() => open(chip, false), HOVER_MS);
  });
  document.addEventListener("keydown", (event) => {
    const inside = event.target instanceof Element && event.target.closest("article.mj-source");
    if (event.key === "Escape" && inside) goBack();
  });

  function setDirections() {
    for (const box of document.querySelectorAll("#mj-question textarea, #mj-find input")) {
      if (box.getAttribute("dir") !== "auto") box.setAttribute("dir", "auto");
    }
  }

  new MutationObserver(() => {
    setDirections();
    refresh();
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["dir"],
  });
})();
