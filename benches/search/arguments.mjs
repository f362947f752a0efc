// What the parts of the benchmark share about the command line: options of the
// form `--name value`, the shelfmark binary, and an end that is never silent.
import path from "node:path";
import { existsSync } from "node:fs";

export const root = path.resolve(import.meta.dirname, "../..");
export const binary = process.env.SHELFMARK_BIN ?? path.join(root, "target/release/shelfmark");

/** Reads the options; `wanted` names each with its default, `null` where it must be given. */
export function options(wanted) {
  const read = { ...wanted };
  const words = process.argv.slice(2);
  for (let at = 0; at < words.length; at += 2) {
    const name = words[at].replace(/^--/, "");
    if (!(name in wanted) || words[at + 1] === undefined) stop(`unknown option or no value: ${words[at]}; there are --${Object.keys(wanted).join(", --")}`);
    read[name] = typeof wanted[name] === "number" ? Number(words[at + 1]) : words[at + 1];
  }
  for (const [name, value] of Object.entries(read)) {
    if (value === null) stop(`--${name} is needed`);
  }
  if (!existsSync(binary)) stop(`${binary} is not there: build it, or name one in SHELFMARK_BIN`);
  return read;
}

/** Ends the part: it could not do its work. */
export function stop(message) {
  console.error(`${path.basename(process.argv[1] ?? "benchmark")}: ${message}`);
  process.exit(4);
}

const missing = [];

/** Notes that one engine could not be measured; the others are, and the part fails at its end. */
export function lacks(message) {
  console.log(`\n**Not measured**: ${message}\n`);
  missing.push(message);
}

/** Ends a part that has printed what it could. */
export function finish() {
  process.exit(missing.length > 0 ? 4 : 0);
}

/** Prints a Markdown table. */
export function table(head, rows) {
  const line = (cells) => console.log(`| ${cells.join(" | ")} |`);
  line(head);
  line(head.map(() => "---"));
  rows.forEach(line);
  console.log("");
}
