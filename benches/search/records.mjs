// Reads a catalog as `shelfmark import` does, the newest release of each package,
// and draws questions from it.
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import readline from "node:readline";
import { sample } from "./random.mjs";

/** The last label of the id that a name gets; names that share one are told apart by import only. */
export function label(name) {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "x";
}

/** The last label of an id: owner prefixes of imported catalogs have two labels. */
export const labelOf = (id) => id.split(".").slice(2).join(".");

function isOlder(one, other) {
  const numbers = (version) => version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [numbers(one), numbers(other)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    if ((a[at] ?? 0) !== (b[at] ?? 0)) return (a[at] ?? 0) < (b[at] ?? 0);
  }
  return false;
}

/** Reads NDJSON, plain or compressed, into { name, label, version, keywords, description, readme }. */
export async function readRecords(file) {
  const input = file.endsWith(".zst") ? spawn("zstd", ["-dc", file], { stdio: ["ignore", "pipe", "inherit"] }).stdout : createReadStream(file);
  const newest = new Map();
  for await (const line of readline.createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    const { name, version, keywords = [], description = "", readme = "" } = JSON.parse(line);
    const known = newest.get(name);
    if (known && isOlder(version, known.version)) continue;
    newest.set(name, { name, label: label(name), version, keywords, description, readme: readme || (known?.readme ?? "") });
  }
  if (newest.size === 0) throw new Error(`${file} holds no record`);
  return [...newest.values()];
}

/** The words that somebody who knows a package would look for it by. */
function words(record) {
  const text = `${record.keywords.join(" ")} ${record.description}`;
  const found = text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return [...new Set(found)];
}

/** Draws questions: a quarter are names, the rest one, two and three words of one record each. */
export function questions(records, count, below) {
  const drawn = [];
  while (drawn.length < count) {
    const record = records[below(records.length)];
    const kind = drawn.length % 4;
    if (kind === 0) {
      drawn.push({ kind: "name", text: record.name });
      continue;
    }
    const own = words(record);
    if (own.length < kind) continue;
    drawn.push({ kind: ["one word", "two words", "three words"][kind - 1], text: sample(own, kind, below).join(" ") });
  }
  return drawn;
}
