// Processor time of a question: of the main thread of the page, with all files in
// the HTTP cache, and of a whole native process.
//
//   node benches/search/cpu.mjs --site DIR --records FILE [--count 100] [--processes 20] [--seed 1] [--engines native,module]
//
// Chromium's own counters tell the main thread's time; what one empty call from
// outside costs is printed beside it, and is part of it.
import { spawnSync } from "node:child_process";
import { binary, finish, lacks, options, table } from "./arguments.mjs";
import { fresh, startChromium } from "./chromium.mjs";
import { startNginx } from "./nginx.mjs";
import { questions, readRecords } from "./records.mjs";
import { quantile, seeded, spread } from "./random.mjs";
import * as native from "./native.mjs";
import * as module from "./module.mjs";

const given = options({ site: null, records: null, count: 100, processes: 20, seed: 1, engines: "native,module" });
const records = await readRecords(given.records);
const asked = questions(records, given.count, seeded(given.seed));
const milliseconds = (value) => `${value.toFixed(1)} ms`;
const rows = [];

/** Milliseconds of all tasks on the main thread while `body` runs: scripts, and what the browser does for them. */
async function mainThread(session, body) {
  const read = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await read();
  await body();
  return 1000 * ((await read()) - before);
}

async function inPage(file) {
  const server = await startNginx(given.site);
  const browser = await startChromium([server.pin]);
  try {
    await fresh(browser, server.blank, async (page, transfers) => {
      const { session } = transfers;
      await session.send("Performance.enable");
      await page.evaluate(module.open, { url: server.url, file });
      for (const { text } of asked) await page.evaluate(module.ask, { text });
      const [task, empty, whole] = [[], [], []];
      for (const { text } of asked) {
        await page.goto(server.blank);
        await page.evaluate(module.open, { url: server.url, file });
        await page.evaluate(module.focus);
        await transfers.take();
        empty.push(await mainThread(session, () => page.evaluate((question) => question, { text })));
        task.push(await mainThread(session, async () => {
          whole.push(1000 * (await page.evaluate(module.ask, { text })).seconds);
        }));
      }
      rows.push(["module: main thread", ...spread(task, milliseconds)]);
      rows.push(["an empty call into the page", ...spread(empty, milliseconds)]);
      rows.push(["from the question to the cards, the worker's work and the cache's in it", ...spread(whole, milliseconds)]);
    });
  } finally {
    await browser.close();
    server.stop();
  }
}

function processes() {
  const medians = asked.slice(0, 20).map(({ text }) => {
    const times = Array.from({ length: given.processes }, () => {
      const start = process.hrtime.bigint();
      const { status, stderr } = spawnSync(binary, native.command(given.site, text), { maxBuffer: 1 << 26 });
      if (status !== 0 && status !== 1) throw new Error(`shelfmark search "${text}": ${stderr}`);
      return Number(process.hrtime.bigint() - start) / 1e6;
    });
    return quantile(times, 0.5);
  });
  rows.push([`native: process, median of ${given.processes}, ${medians.length} questions`, ...spread(medians, milliseconds)]);
}

for (const name of given.engines.split(",")) {
  if (name === "native") processes();
  else {
    const file = module.moduleOf(given.site);
    if (file) await inPage(file);
    else lacks(module.without(given.site));
  }
}
console.log(`### Processor time: ${given.count} questions on ${records.length.toLocaleString("en")} packages\n`);
table(["measure", "median", "95 %", "most"], rows);
finish();
