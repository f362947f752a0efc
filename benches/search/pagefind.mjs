// Pagefind on the same records: one custom record a package, its default settings.
import { createIndex, close } from "pagefind";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";

/** Builds the index into a folder unless it is there; returns the seconds it took. */
export async function build(records, folder) {
  if (existsSync(path.join(folder, "complete", "pagefind.js"))) return null;
  rmSync(folder, { recursive: true, force: true });
  const start = performance.now();
  const checked = ({ errors, ...rest }) => {
    if (errors.length > 0) throw new Error(`pagefind: ${errors.join("; ")}`);
    return rest;
  };
  const { index } = checked(await createIndex());
  for (const [at, { name, label, keywords, description, readme }] of records.entries()) {
    const content = [name, keywords.join(" "), description, readme].filter(Boolean).join("\n");
    checked(await index.addCustomRecord({ url: `/${at}/${label}`, content, language: "en", meta: { title: name } }));
  }
  checked(await index.writeFiles({ outputPath: path.join(folder, "complete") }));
  await close();
  return (performance.now() - start) / 1000;
}

/** The folder to serve. */
export const served = (folder) => path.join(folder, "complete");

/** Code for a page: loads Pagefind; `window.pagefind` stays. */
export async function open({ url }) {
  window.pagefind = await import(`${url}pagefind.js`);
}

/** Code for a page: asks and returns the labels of the first results with all that a card shows. */
export async function ask({ text, limit = 10 }) {
  const start = performance.now();
  const { results } = await window.pagefind.search(text);
  const cards = await Promise.all(results.slice(0, limit).map((result) => result.data()));
  const labels = cards.map(({ url }) => url.split("/").pop());
  return { ids: labels, seconds: (performance.now() - start) / 1000 };
}

/** Code for a page: what its own box does when it is focused. */
export async function focus() {
  await window.pagefind.init();
}
