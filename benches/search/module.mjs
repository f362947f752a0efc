// The search module of a built site, as a page uses it.
import { readdirSync, existsSync } from "node:fs";
import path from "node:path";

/** The script of search of a built site, or nothing where the site has none. */
export function moduleOf(site) {
  const assets = path.join(site, "assets");
  const names = existsSync(assets) ? readdirSync(assets) : [];
  const name = names.find((each) => each.startsWith("search."));
  return name ? `assets/${name}` : null;
}

/** What to say about a site without it. */
export const without = (site) => `the browser module: ${site} has no assets/search.*.js`;

/** Code for a page: asks for what site.js asks for when a search box is focused; `window.engine` stays. */
export async function open({ url, file }) {
  const script = import(url + file);
  if (!document.querySelector("link[rel=prefetch]")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: `${url}search/head.bin` }));
  }
  window.searchWorker ??= new Worker(url + file, { type: "module" });
  window.engine = (await script).engine;
}

/** Code for a page: asks and returns the ids of the cards, and the time it took. */
export async function ask({ text, limit = 10 }) {
  const start = performance.now();
  const { cards } = await window.engine.ask(text, { limit });
  return { ids: cards.map(({ id }) => id), seconds: (performance.now() - start) / 1000 };
}

/** Code for a page: what happens when a search box is focused. */
export async function focus() {
  await window.engine.ready;
}
