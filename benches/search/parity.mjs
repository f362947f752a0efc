// Parity: how much the first ten of the browser module and of the native engine have in common.
//
//   node benches/search/parity.mjs --site DIR --records FILE [--count 500] [--seed 2]
import { finish, lacks, options, table } from "./arguments.mjs";
import { fresh, startChromium } from "./chromium.mjs";
import { startNginx } from "./nginx.mjs";
import { questions, labelOf, readRecords } from "./records.mjs";
import { mean, seeded } from "./random.mjs";
import * as native from "./native.mjs";
import * as module from "./module.mjs";

const given = options({ site: null, records: null, count: 500, seed: 2 });
const file = module.moduleOf(given.site);
if (!file) {
  lacks(module.without(given.site));
  finish();
}
const records = await readRecords(given.records);
const asked = questions(records, given.count, seeded(given.seed));
const truth = await native.askAll(given.site, asked.map(({ text }) => text));

const server = await startNginx(given.site);
const browser = await startChromium([server.pin]);
const answers = await fresh(browser, server.blank, async (page) => {
  await page.evaluate(module.open, { url: server.url, file });
  const all = [];
  for (const { text } of asked) all.push((await page.evaluate(module.ask, { text })).ids);
  return all;
});
await browser.close();
server.stop();

const compared = asked.map(({ kind, text }, at) => {
  const [one, other] = [truth[at], answers[at]];
  const shared = one.filter((id) => other.includes(id)).length;
  const most = Math.max(one.length, other.length);
  return { kind, text, one, other, overlap: most === 0 ? 1 : shared / most };
});
const overlaps = (kind) => compared.filter((pair) => !kind || pair.kind === kind).map(({ overlap }) => overlap);
const kinds = ["name", "one word", "two words", "three words"];
console.log(`### Parity: ${given.count} questions on ${records.length.toLocaleString("en")} packages\n`);
table(["questions", ...kinds, "all", "same first hit"], [["mean overlap of the first ten", ...[...kinds, ""].map((kind) => mean(overlaps(kind)).toFixed(3)),
  mean(compared.map(({ one, other }) => Number(one[0] === other[0]))).toFixed(3)]]);
const worst = [...compared].sort((a, b) => a.overlap - b.overlap).slice(0, 10);
const only = (ids, others) => ids.filter((id) => !others.includes(id)).map(labelOf).join(" ");
table(["the worst ten", "overlap", "native alone", "module alone"], worst.map(({ text, overlap, one, other }) => [text.replaceAll("|", "\\|"), overlap.toFixed(2), only(one, other), only(other, one)]));
finish();
