// Runs in browsers of any age, so it is written for the oldest. What the pages need: see `oldestBrowsers` in
// vite.config.ts. A browser that lacks it would show a white page.
;[
  'noModule' in document.createElement('script'),
  window.CSS && CSS.supports && CSS.supports('color', 'light-dark(#fff, #000)'),
  'isWellFormed' in String.prototype,
  'fetch' in window,
].forEach(function (isKnown) {
  if (!isKnown) document.documentElement.className += ' is-too-old'
})
