// Bytes and seconds to the first ten cards, in Chromium over HTTP/2, each question
// in a browser context with nothing cached; then one more question in the same.
//
//   node benches/search/bytes.mjs --records FILE [--site DIR] [--pagefind DIR] [--count 100] [--slow 100] [--seed 1] [--engines module,pagefind]
import { finish, lacks, options, table } from "./arguments.mjs";
import { fresh, startChromium } from "./chromium.mjs";
import { startNginx } from "./nginx.mjs";
import { questions, readRecords } from "./records.mjs";
import { seeded, spread } from "./random.mjs";
import * as module from "./module.mjs";
import * as pagefind from "./pagefind.mjs";

const given = options({ records: null, site: "", pagefind: "", count: 100, slow: 100, seed: 1, engines: "module,pagefind" });
const records = await readRecords(given.records);
const asked = questions(records, given.count + 1, seeded(given.seed));

/** Seconds from the question to the cards on the slow line, by the clock of the page. */
function onSlowLine(browser, server, engine, argument, text, isFocused) {
  return fresh(browser, server.blank, async (page, transfers) => {
    await transfers.slow();
    if (isFocused) {
      await page.evaluate(engine.open, argument);
      await page.evaluate(engine.focus);
      await transfers.take();
    }
    const open = isFocused ? "" : `await (${engine.open})(${JSON.stringify(argument)});`;
    return page.evaluate(`(async () => {
      const start = performance.now();
      ${open}
      await (${engine.ask})(${JSON.stringify({ text })});
      return (performance.now() - start) / 1000;
    })()`);
  });
}

async function measured(folder, engine, argumentOf) {
  const server = await startNginx(folder);
  const browser = await startChromium([server.pin]);
  const argument = argumentOf(server);
  const figures = { first: [], firstRequests: [], next: [], nextRequests: [], cold: [], focused: [], unanswered: 0 };
  try {
    for (let at = 0; at < given.count; at += 1) {
      await fresh(browser, server.blank, async (page, transfers) => {
        await page.evaluate(engine.open, argument);
        const { ids } = await page.evaluate(engine.ask, { text: asked[at].text });
        if (ids.length === 0) figures.unanswered += 1;
        const first = await transfers.take();
        await page.evaluate(engine.ask, { text: asked[at + 1].text });
        const next = await transfers.take();
        figures.first.push(first.bytes);
        figures.firstRequests.push(first.requests);
        figures.next.push(next.bytes);
        figures.nextRequests.push(next.requests);
      });
    }
    for (const { text } of asked.slice(0, given.slow)) {
      figures.cold.push(await onSlowLine(browser, server, engine, argument, text, false));
      figures.focused.push(await onSlowLine(browser, server, engine, argument, text, true));
    }
  } finally {
    await browser.close();
    server.stop();
  }
  return figures;
}

const engines = {
  module: async () => {
    if (!given.site) return lacks("the browser module: --site names no built site");
    const file = module.moduleOf(given.site);
    if (!file) return lacks(module.without(given.site));
    return measured(given.site, module, ({ url }) => ({ url, file }));
  },
  pagefind: async () => {
    if (!given.pagefind) return lacks("Pagefind: --pagefind names no folder for its index");
    await pagefind.build(records, given.pagefind);
    return measured(pagefind.served(given.pagefind), pagefind, ({ url }) => ({ url }));
  },
};

const rows = [];
for (const name of given.engines.split(",")) {
  const figures = await engines[name]();
  if (!figures) continue;
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const seconds = (value) => `${value.toFixed(2)} s`;
  const row = (what, values, print) => rows.push([name, what, ...spread(values, print)]);
  row("first question, all transfers", figures.first, kilobytes);
  row("its requests", figures.firstRequests, String);
  row("next question", figures.next, kilobytes);
  row("its requests", figures.nextRequests, String);
  row("100 ms and 1.6 Mbit/s, cold", figures.cold, seconds);
  row("100 ms and 1.6 Mbit/s, after focus", figures.focused, seconds);
  console.error(`${name}: ${figures.unanswered} of ${given.count} questions had no answer`);
}
console.log(`### Transfers: ${given.count} questions on ${records.length.toLocaleString("en")} packages\n`);
table(["engine", "measure", "median", "95 %", "most"], rows);
finish();
