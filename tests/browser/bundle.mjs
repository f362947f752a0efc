// Makes the one script of search that a site serves, site/assets/search/search.min.js, of its sources.
//
//   node tests/browser/bundle.mjs            writes it
//   node tests/browser/bundle.mjs --check    ends with 1 if it is not what the sources make
//
// Needs `npm ci` in tests/browser. The first line has the SHA-256 of the sources, by which
// `cargo test` knows a script that was not made again.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";

const folder = path.resolve(import.meta.dirname, "../../site/assets/search");
const target = path.join(folder, "search.min.js");
const sources = ["client.js", "engine.js", "page.js", "search.js"].map((name) => readFileSync(path.join(folder, name)));

const { outputFiles } = buildSync({
  entryPoints: [path.join(folder, "search.js")],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2023",
  charset: "utf8",
  legalComments: "none",
  write: false,
});
const made = `// ${createHash("sha256").update(Buffer.concat(sources)).digest("hex")}\n${outputFiles[0].text}`;

if (!process.argv.includes("--check")) writeFileSync(target, made);
else if (readFileSync(target, "utf8") !== made) {
  console.error("site/assets/search/search.min.js is not what its sources make: run node tests/browser/bundle.mjs");
  process.exit(1);
}
