// Everything that search needs, in one file: in a page the search page and what asks the engine, in
// a worker, which is started from the same file, the engine. tests/browser/bundle.mjs makes
// search.min.js of it.
export { openSearch, keyOf, stem, wordsOf } from "./engine.js";
export { engine } from "./client.js";
export { make, marked, packageAddress, plainText, sentenceCase } from "./page.js";
