// Relevance: how many questions have what was wanted among the first ten, by four engines.
//
//   node benches/search/relevance.mjs --site DIR --records FILE --queries FILE [--pagefind DIR] [--engines native,module,minisearch,pagefind] [--misses yes]
//
// A question is a success when each of its groups has one of its names in the
// first ten; the laxer reading asks for one group.
import { readFileSync } from "node:fs";
import { finish, lacks, options, table } from "./arguments.mjs";
import { fresh, startChromium } from "./chromium.mjs";
import { startNginx } from "./nginx.mjs";
import { label, labelOf, readRecords } from "./records.mjs";
import * as native from "./native.mjs";
import * as module from "./module.mjs";
import * as pagefind from "./pagefind.mjs";
import * as minisearch from "./minisearch.mjs";

const given = options({ site: null, records: null, queries: null, pagefind: "/dev/shm/shelfmark-search-pagefind", engines: "native,module,minisearch,pagefind", misses: "no" });
const queries = JSON.parse(readFileSync(given.queries, "utf8"));
const texts = queries.map(({ query }) => query);
const records = await readRecords(given.records);

async function inChromium(folder, engine, argument) {
  const server = await startNginx(folder);
  const browser = await startChromium([server.pin]);
  try {
    return await fresh(browser, server.blank, async (page) => {
      await page.evaluate(engine.open, { url: server.url, ...argument });
      const answers = [];
      for (const text of texts) answers.push((await page.evaluate(engine.ask, { text })).ids);
      return answers;
    });
  } finally {
    await browser.close();
    server.stop();
  }
}

const engines = {
  native: async () => (await native.askAll(given.site, texts)).map((ids) => ids.map(labelOf)),
  module: async () => {
    const file = module.moduleOf(given.site);
    if (!file) return lacks(module.without(given.site));
    return (await inChromium(given.site, module, { file })).map((ids) => ids.map(labelOf));
  },
  minisearch: () => {
    const ask = minisearch.build(records);
    return texts.map((text) => ask(text));
  },
  pagefind: async () => {
    await pagefind.build(records, given.pagefind);
    return inChromium(pagefind.served(given.pagefind), pagefind, {});
  },
};

const hits = ({ relevant }, labels) => relevant.map((group) => group.some((name) => labels.includes(label(name))));
const share = (part) => (part.length === 0 ? "" : `${((100 * part.filter(Boolean).length) / part.length).toFixed(1)} %`);
const categories = [...new Set(queries.map(({ category }) => category))].sort();

const rows = [];
for (const name of given.engines.split(",")) {
  if (!engines[name]) throw new Error(`no engine is called ${name}`);
  const answers = await engines[name]();
  if (!answers) continue;
  const all = queries.map((query, at) => hits(query, answers[at]).every(Boolean));
  const any = queries.map((query, at) => hits(query, answers[at]).some(Boolean));
  rows.push([name, ...categories.map((category) => share(all.filter((_, at) => queries[at].category === category))), share(all), share(any)]);
  if (given.misses === "yes") queries.forEach((query, at) => all[at] || console.error(`${name}: "${query.query}" found ${answers[at].join(" ")}`));
}
const count = (category) => queries.filter((query) => query.category === category).length;
console.log(`### Relevance: success@10 of ${queries.length} questions on ${records.length.toLocaleString("en")} packages\n`);
table(["engine", ...categories.map((category) => `${category} (${count(category)})`), "all", "all, any group"], rows);
finish();
