// The search module of a built site, as a page uses it.
import { readdirSync, existsSync } from "node:fs";
import path from "node:path";

/** The file of the module in a built site, or nothing where the site has none. */
export function moduleOf(site) {
  const assets = path.join(site, "assets");
  const file = existsSync(assets) && readdirSync(assets).find((name) => /^search\..*\.js$/.test(name));
  return file ? `assets/${file}` : null;
}

/** What to say about a site without it. */
export const without = (site) => `the browser module: ${site} has no assets/search.*.js`;

/** Code for a page: loads the module and opens the index; `window.engine` stays. */
export async function open({ url, file }) {
  const { openSearch } = await import(`${url}${file}`);
  window.engine = openSearch(url);
}

/** Code for a page: asks and returns the ids of the cards, and the time it took. */
export async function ask({ text, limit = 10 }) {
  const start = performance.now();
  const { cards } = await window.engine.ask(text, { limit });
  return { ids: cards.map(({ id }) => id), seconds: (performance.now() - start) / 1000 };
}

/** Code for a page: what happens when a search box is focused. */
export async function focus() {
  await window.engine.prefetch();
}
