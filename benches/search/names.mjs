// Names: an exact name is the first hit, and a name with one wrong letter is
// found among the first five, at the price of how many bytes more.
//
//   node benches/search/names.mjs --site DIR --records FILE [--sample 2000] [--bytes 200] [--seed 1] [--engines native,module]
import { finish, lacks, options, table } from "./arguments.mjs";
import { fresh, startChromium } from "./chromium.mjs";
import { startNginx } from "./nginx.mjs";
import { label, labelOf, readRecords } from "./records.mjs";
import { sample, seeded, spread } from "./random.mjs";
import * as native from "./native.mjs";
import * as module from "./module.mjs";

const given = options({ site: null, records: null, sample: 2000, bytes: 200, seed: 1, engines: "native,module" });
const records = await readRecords(given.records);
const labels = new Set(records.map((record) => record.label));
const below = seeded(given.seed);

/** One edit of a name that leads to no other package. */
function mistyped(name) {
  const letter = () => String.fromCharCode(97 + below(26));
  for (;;) {
    const at = below(name.length);
    const kind = ["substitution", "deletion", "insertion", "transposition"][below(4)];
    const text = {
      substitution: () => name.slice(0, at) + letter() + name.slice(at + 1),
      deletion: () => name.slice(0, at) + name.slice(at + 1),
      insertion: () => name.slice(0, at) + letter() + name.slice(at),
      transposition: () => name.slice(0, at) + name.slice(at, at + 2).split("").reverse().join("") + name.slice(at + 2),
    }[kind]();
    if (label(text) !== label(name) && !labels.has(label(text))) return { kind, text };
  }
}

const names = sample(records, given.sample, below);
const typos = names.filter(({ name }) => name.length >= 4).map((record) => ({ record, ...mistyped(record.name) }));
const exactTexts = names.map(({ name }) => name);
const typoTexts = typos.map(({ text }) => text);

async function byModule(measure) {
  const file = module.moduleOf(given.site);
  if (!file) return lacks(module.without(given.site));
  const server = await startNginx(given.site);
  const browser = await startChromium([server.pin]);
  try {
    return await measure(browser, server, (page) => page.evaluate(module.open, { url: server.url, file }));
  } finally {
    await browser.close();
    server.stop();
  }
}

const engines = {
  native: async (texts) => native.askAll(given.site, texts),
  module: (texts) => byModule((browser, server, open) => fresh(browser, server.blank, async (page) => {
    await open(page);
    const answers = [];
    for (const text of texts) answers.push((await page.evaluate(module.ask, { text })).ids);
    return answers;
  })),
};

const percent = (part, whole) => `${part} of ${whole}, ${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
const rows = [];
const lost = [];
for (const name of given.engines.split(",")) {
  const exact = await engines[name](exactTexts);
  if (!exact) continue;
  const typed = await engines[name](typoTexts);
  const first = names.filter(({ name: text, label: wanted }, at) => labelOf(exact[at][0] ?? "") === wanted || lost.push(`${name}, exact: ${text} → ${labelOf(exact[at][0] ?? "")}`) === 0);
  const isFound = ({ record, text }, at) => typed[at].slice(0, 5).map(labelOf).includes(record.label) || lost.push(`${name}, typo: ${text} for ${record.name}`) === 0;
  const found = typos.filter(isFound);
  const kinds = ["substitution", "deletion", "insertion", "transposition"].map((kind) => percent(found.filter((typo) => typo.kind === kind).length, typos.filter((typo) => typo.kind === kind).length));
  rows.push([name, percent(first.length, names.length), percent(found.length, typos.length), ...kinds]);
}
console.log(`### Names: ${names.length} of ${records.length.toLocaleString("en")} packages\n`);
table(["engine", "exact name is hit 1", "typo in the first five", "substitution", "deletion", "insertion", "transposition"], rows);

if (given.engines.includes("module") && module.moduleOf(given.site)) {
  const extra = await byModule(async (browser, server, open) => {
    const bytes = [];
    for (const { record, text } of typos.slice(0, given.bytes)) {
      bytes.push(await fresh(browser, server.blank, async (page, transfers) => {
        await open(page);
        await page.evaluate(module.ask, { text: record.name });
        await transfers.take();
        await page.evaluate(module.ask, { text });
        return (await transfers.take()).bytes;
      }));
    }
    return bytes;
  });
  if (extra) table(["bytes of a typo after its exact name", "median", "95 %", "most"], [[`${extra.length} names`, ...spread(extra, (bytes) => `${(bytes / 1000).toFixed(1)} kB`)]]);
}
if (lost.length > 0) console.log(`Not found, the first of ${lost.length}:\n\n${lost.slice(0, 20).map((line) => `* ${line}`).join("\n")}\n`);
finish();
