"use strict";
// Runs before Gradio: the page's language and direction. Gradio's own words ("Drop File Here")
// would be in the browser's language.
(() => {
  const language = location.pathname.startsWith("/ar") ? "ar" : "en";
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  Object.defineProperty(navigator, "language", { get: () => language });
})();
