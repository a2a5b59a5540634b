"use strict";
// Runs before the page is drawn: the page's language and direction, and light or dark.
(() => {
  const arabic = location.pathname.startsWith("/ar");
  document.documentElement.lang = arabic ? "ar" : "en";
  document.documentElement.dir = arabic ? "rtl" : "ltr";
})();
