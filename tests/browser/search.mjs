// The search page and the suggestions under the search boxes, in the built
// demo: what a person types, clicks and presses, and what they see for it.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = path.resolve(import.meta.dirname, "../..");

// Waits until the page has answered the question in its box.
async function answered(page) {
  await page.waitForFunction(() => {
    const region = document.getElementById("search");
    return region.ariaBusy === "false" && document.getElementById("found").textContent !== "";
  }, null, { timeout: 5000 });
}

const found = (page) => page.locator("#found").innerText();
const names = (page) => page.locator("#results h2").allInnerTexts();
const filter = (page, facet, value) => page.locator(`#filters input[name="${facet}"][value="${value}"]`);
const asked = (page) => new URL(page.url()).search;
const box = (page) => page.locator("main input[type=search]");
const focused = (page) => page.evaluate(() => document.activeElement.textContent || document.activeElement.name);
const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

// Types as a person does and waits for the answer to the whole text.
async function type(page, text) {
  const before = asked(page);
  await box(page).pressSequentially(text, { delay: 15 });
  await page.waitForFunction((old) => location.search !== old, before, { timeout: 5000 });
  await answered(page);
}

export async function searchTests({ test, assert, open, browser, url, pictures, binary, dist }) {
  const address = `${url}search/`;

  async function visit(name, start, body, options = {}) {
    await test(name, async () => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      try {
        const { page, complaints } = await open(context, start);
        await body(page, complaints, context);
        assert(complaints.length === 0, complaints.join("\n     "));
      } finally {
        await context.close();
      }
    });
  }

  await visit("results come as one types, and the address follows", address, async (page) => {
    assert(await page.locator("#lists").isVisible(), "the browse lists are hidden before a question");
    const entries = await page.evaluate(() => history.length);
    await type(page, "finance");
    assert((await names(page))[0] === "HotCRM Finance", `first is ${(await names(page))[0]}`);
    assert(/^\d+ packages?$/.test(await found(page)), `counted: ${await found(page)}`);
    assert(asked(page) === "?q=finance", `the address asks ${asked(page)}`);
    assert((await page.evaluate(() => history.length)) === entries, "each letter is an entry of the history");
    assert(!(await page.locator("#lists").isVisible()), "the browse lists stay under the results");
    assert((await page.locator("#results mark").first().innerText()).toLowerCase() === "finance", "the word is not marked");
    assert((await page.title()).startsWith("finance · Search"), `title: ${await page.title()}`);
    assert((await page.locator(".cmd code").innerText()) === `shelfmark search --url ${url} 'finance'`, "the command does not follow");
    const href = await page.locator("#results a").first().evaluate((link) => link.href);
    assert((await fetch(href)).status === 200, `${href} is not there`);
  });

  await visit("the address restores words, filters and order", `${address}?q=hotcrm&kind=plugin&sort=updated`, async (page) => {
    await answered(page);
    assert((await box(page).inputValue()) === "hotcrm", "the box is empty");
    assert((await page.locator("#sort").inputValue()) === "updated", "the order is not restored");
    await filter(page, "kind", "plugin").waitFor();
    assert(await filter(page, "kind", "plugin").isChecked(), "the filter is not restored");
    const kinds = await page.locator("#results .meta").allInnerTexts();
    assert(kinds.length > 1 && kinds.every((kind) => kind.includes("Plugin")), `kinds: ${kinds}`);
    const days = await page.locator("#results time").evaluateAll((all) => all.map((time) => time.dateTime));
    assert(String(days) === String([...days].sort().reverse()), `not by date: ${days}`);
  });

  await visit("filters count, narrow, and go back and forward", `${address}?q=hotcrm`, async (page) => {
    await answered(page);
    const all = await found(page);
    const plugin = filter(page, "kind", "plugin");
    await plugin.waitFor();
    const count = await plugin.locator("xpath=..").locator(".n").innerText();
    await plugin.focus();
    await page.keyboard.press("Space");
    await page.waitForURL("**/?q=hotcrm&kind=plugin");
    await page.waitForFunction((old) => document.getElementById("found").textContent !== old, all);
    assert((await found(page)) === `${count} packages`, `${count} counted, then ${await found(page)}`);
    await page.waitForTimeout(200);
    assert(await plugin.evaluate((input) => input === document.activeElement), "the filter lost the focus");
    assert((await page.locator("#filters input[name=kind]").count()) > 1, "the other kinds are gone");
    await page.selectOption("#sort", "newest");
    await page.waitForURL("**/?q=hotcrm&kind=plugin&sort=newest");
    await page.goBack();
    await page.goBack();
    await page.waitForFunction((old) => document.getElementById("found").textContent === old, all);
    assert(asked(page) === "?q=hotcrm", `back led to ${asked(page)}`);
    assert((await page.locator("#sort").inputValue()) === "relevance", "the order stayed");
    await page.waitForFunction(() => !document.querySelector("#filters input:checked"));
    await page.goForward();
    await page.waitForFunction((text) => document.getElementById("found").textContent === text, `${count} packages`);
    await page.waitForFunction(() => document.querySelector("#filters input[value=plugin]").checked);
    await page.locator("#filters [data-clear]").click();
    await page.waitForFunction((old) => document.getElementById("found").textContent === old, all);
    assert(asked(page) === "?q=hotcrm", `cleared, the address asks ${asked(page)}`);
  });

  await visit("a filter stays in sight when nothing is left of it", `${address}?q=hotcrm&kind=theme`, async (page) => {
    await answered(page);
    assert((await found(page)) === "No packages", await found(page));
    await filter(page, "kind", "theme").waitFor();
    assert(await page.locator("#nothing [data-clear]").isVisible(), "the empty page does not offer to clear the filter");
    await page.locator("#nothing [data-clear]").click();
    await page.locator("#results a").first().waitFor();
  });

  await visit("a committed question is an entry of the history", address, async (page) => {
    await type(page, "finance");
    await page.keyboard.press("Enter");
    assert(page.url().startsWith(address), `Enter led to ${page.url()}`);
    await box(page).fill("");
    await page.waitForFunction(() => location.search === "");
    await type(page, "theme");
    await page.goBack();
    await page.waitForFunction(() => location.search === "?q=finance");
    await answered(page);
    assert((await box(page).inputValue()) === "finance", "the box does not follow");
    await page.waitForFunction(() => document.querySelector("#results h2")?.textContent === "HotCRM Finance");
  });

  await visit("the keyboard reaches everything", address, async (page) => {
    await page.keyboard.press("/");
    assert((await focused(page)) === "q", "the slash does not lead to the box");
    await type(page, "hotcrm");
    const [first, second] = await names(page);
    await page.keyboard.press("ArrowDown");
    assert((await focused(page)) === first, `arrow down led to ${await focused(page)}`);
    await page.keyboard.press("ArrowDown");
    assert((await focused(page)) === second, `arrow down led to ${await focused(page)}`);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    assert((await focused(page)) === "q", "arrow up does not lead back to the box");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    assert((await focused(page)) === "q", "Escape does not lead back to the box");
    await page.keyboard.press("Escape");
    assert((await box(page).inputValue()) === "", "Escape does not empty the box");
    assert(await page.locator("#lists").isVisible(), "an empty box does not bring the lists back");
    await page.keyboard.press("Escape");
    assert((await focused(page)) !== "q", "a second Escape does not leave the box");
    await page.keyboard.press("/");
    await type(page, "finance");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/p/com.hotcrm.finance/");
    await page.goBack();
    await page.locator("#results a").first().waitFor();
    assert((await box(page).inputValue()) === "finance", "the way back lost the words");
  });

  await visit("more results come below, and the first of them is focused", `${address}?q=hotcrm`, async (page) => {
    await answered(page);
    assert((await page.locator("#results li").count()) === 10, "not ten at first");
    await page.locator("#more").click();
    await page.waitForFunction(() => document.querySelectorAll("#results li").length > 10);
    assert((await focused(page)) === (await names(page))[10], `focused: ${await focused(page)}`);
    assert(!(await page.locator("#more").isVisible()), "nothing more is there, and more is offered");
    assert(asked(page) === "?q=hotcrm", `the address asks ${asked(page)}`);
  });

  await visit("what is in the box never becomes markup", `${address}?q=${encodeURIComponent("<img src=x onerror=alert(1)>'\u202e")}&kind=${encodeURIComponent("<b>x</b>")}`, async (page) => {
    await answered(page);
    assert((await page.locator("main img, #filters b, #found img").count()) === 0, "an element came from the address");
    const command = await page.locator(".cmd code").innerText();
    assert(command === `shelfmark search --kind '<b>x</b>' --url ${url} '<img src=x onerror=alert(1)>'\\'''`, `command: ${command}`);
    await filter(page, "kind", "<b>x</b>").waitFor();
  });

  await visit("a value of the address is found however it is written, and licences are spelt as on the cards", `${address}?q=hotcrm&license=MIT`, async (page) => {
    await answered(page);
    await filter(page, "license", "mit").waitFor();
    const spelt = await page.locator('#filters fieldset[name="license"] label span:first-of-type').allInnerTexts();
    assert(["Apache-2.0", "LicenseRef-HotCRM-Commercial", "MIT"].every((name) => spelt.includes(name)), `licences are spelt ${spelt}`);
    assert(await filter(page, "license", "mit").isChecked(), "the filter of the address is not chosen");
    assert((await names(page)).length > 0, "nothing is found");
  });

  await visit("nothing found says what to try", `${address}?q=xqzzkvv`, async (page) => {
    await answered(page);
    assert((await found(page)) === "No packages", await found(page));
    assert(await page.locator('#nothing a[href$="browse/"]').isVisible(), "no way to browse");
    assert(!(await page.locator("#failed").isVisible()), "an error shows");
  });

  await visit("a word typed wrong finds what was meant, and says so", `${address}?q=finanse`, async (page) => {
    await answered(page);
    assert(/for finance: nothing matches as typed$/.test(await found(page)), await found(page));
    assert((await names(page)).includes("HotCRM Finance"), `found ${await names(page)}`);
  });

  await test("an index that cannot be loaded is told, and can be tried again", async () => {
    const [head, away] = ["head.bin", "head.away"].map((name) => path.join(dist, "search", name));
    const context = await browser.newContext();
    renameSync(head, away);
    try {
      const { page } = await open(context, address);
      await box(page).fill("finance");
      await page.locator("#failed").waitFor();
      assert((await found(page)) === "The search could not be loaded", await found(page));
      assert(!(await page.locator("#nothing").isVisible()), "it also says that nothing was found");
      renameSync(away, head);
      await page.locator("[data-retry]").click();
      await page.locator("#results a").first().waitFor();
      assert(!(await page.locator("#failed").isVisible()), "the error stays");
    } finally {
      if (existsSync(away)) renameSync(away, head);
      await context.close();
    }
  });

  await visit("the focus of the box loads the head", address, async (page) => {
    const request = page.waitForRequest((sent) => /\/search\/.+/.test(sent.url()), { timeout: 5000 });
    await box(page).focus();
    await request;
  });

  await visit("a box of another page suggests packages", `${url}rules/`, async (page) => {
    const top = page.locator("header input[type=search]");
    const early = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
    assert(!early.some((name) => /assets\/search\./.test(name)), "every page loads the search module");
    await top.focus();
    await page.locator("header [role=combobox]").waitFor();
    await top.pressSequentially("finance", { delay: 15 });
    const options = page.locator("[role=listbox] [role=option]");
    await options.first().waitFor();
    assert((await top.getAttribute("aria-expanded")) === "true", "the box does not say that it is open");
    assert((await options.count()) <= 7, `${await options.count()} options`);
    assert((await options.first().innerText()).startsWith("HotCRM Finance"), await options.first().innerText());
    await page.keyboard.press("ArrowDown");
    const active = await top.getAttribute("aria-activedescendant");
    assert((await page.locator(`#${active}`).getAttribute("aria-selected")) === "true", "the active option is not selected");
    await page.keyboard.press("Escape");
    assert((await top.getAttribute("aria-expanded")) === "false", "Escape does not close");
    assert((await top.inputValue()) === "finance", "the first Escape empties the box");
    await top.fill("xqzzkvv");
    await page.locator("header form [role=status]", { hasText: "No packages" }).waitFor();
    await top.fill("finance");
    await options.first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
    await options.first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/p/com.hotcrm.finance/");
    const next = page.locator("header input[type=search]");
    await next.fill("theme");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/search/?q=theme");
    await answered(page);
  });

  await visit("without JavaScript the form leads to the lists", `${url}rules/`, async (page) => {
    await page.locator("header input[type=search]").fill("invoice");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/search/?q=invoice");
    assert(await page.locator("noscript .notice").isVisible(), "nothing says why");
    assert(await page.locator('#lists a[href*="browse/kind/"]').first().isVisible(), "the browse lists are hidden");
    assert(!(await page.locator("#filters, #sort, #more").first().isVisible()), "a control shows that does nothing");
  }, { javaScriptEnabled: false });

  for (const [theme, width] of [390, 820, 1440].flatMap((size) => [["light", size], ["dark", size]])) {
    await visit(`the search fits in ${theme} at ${width}`, `${address}?q=hotcrm`, async (page) => {
      const shot = async (name) => {
        assert(!(await isWide(page)), `${name} is wider than the screen`);
        await page.screenshot({ path: path.join(pictures, `search-${name}-${theme}-${width}.png`) });
      };
      await answered(page);
      if (width < 960) {
        await shot("results");
        await page.locator("#filters summary").click();
      }
      await page.locator("#filters input").first().waitFor();
      await shot(width < 960 ? "filters" : "results");
      await page.goto(`${address}?q=xqzzkvv`);
      await answered(page);
      await shot("nothing");
      await page.goto(`${url}p/com.hotcrm.finance/`);
      await page.locator("header input[type=search]").pressSequentially("hotcrm", { delay: 15 });
      await page.locator("[role=option]").nth(3).waitFor();
      await page.keyboard.press("ArrowDown");
      await shot("suggestions");
    }, { colorScheme: theme, viewport: { width, height: 900 } });
  }

  const [script, ...others] = readdirSync(path.join(dist, "assets")).filter((name) => name.startsWith("search."));

  await test("the script of search, page and engine, is at most 8 kB in Brotli", async () => {
    assert(script && others.length === 0, `scripts: ${script} ${others}`);
    const packed = brotliCompressSync(readFileSync(path.join(dist, "assets", script)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    assert(packed.length <= 8000, `${packed.length} bytes`);
  });

  // What the module answers, asked from inside a page.
  const inModule = (page, body, argument) => page.evaluate(`(async () => {
    const module = await import(new URL("../assets/${script}", location.href).href);
    return (${body})(module, ${JSON.stringify(argument)});
  })()`);

  await visit("text becomes the words that the index makes of it", address, async (page) => {
    const examples = JSON.parse(readFileSync(path.join(root, "tests/search/words.json"), "utf8"));
    const made = await inModule(page, `({ keyOf, wordsOf, stem }, texts) => texts.map((text) => {
      const words = wordsOf(text);
      return { text, key: keyOf(text), words, stems: words.map(stem) };
    })`, examples.map(({ text }) => text));
    assert(examples.length > 40, "the examples are few");
    examples.forEach((example, at) => {
      assert(JSON.stringify(made[at]) === JSON.stringify(example), `${JSON.stringify(made[at])} is not ${JSON.stringify(example)}`);
    });
  });

  await visit("the module answers as the command line does", address, async (page) => {
    const questions = ["finance", "finanse", "hotcrm", "real estate", "realestate", "re", "CRM 2.0", "com.hotcrm.crm",
      "invoice reminder", "the", "kind:plugin", "kind:plugin kind:app crm", "publisher:hotcrm -finance", "license:MIT agent",
      "template for a shop", "zzzzzz", "custo", "e-commerce", "starter packs", "-crm", "boking calender", "agent triage",
      "hotcrm -\"real estate\"", "a-\"b\" crm", "servise"];
    for (const sort of ["relevance", "newest", "updated", "rating", "dependents"]) {
      const answers = await inModule(page, `async ({ openSearch }, { questions, sort }) => {
        const engine = openSearch(new URL("../", location.href).href);
        const all = [];
        for (const text of questions) all.push(await engine.ask(text, { sort, limit: 10 }));
        return all.map(({ total, some, near, cards }) => ({ total, some, near: near ?? null, ids: cards.map(({ id }) => id) }));
      }`, { questions, sort });
      for (const [at, text] of questions.entries()) {
        const asked = spawnSync(binary, ["search", "--site", dist, "--format", "json", "--sort", sort, "--", text], { encoding: "utf8" });
        const { total, some, near, results } = JSON.parse(asked.stdout);
        const native = JSON.stringify({ total, some, near, ids: results.map(({ id }) => id) });
        assert(JSON.stringify(answers[at]) === native, `${text} by ${sort}: ${JSON.stringify(answers[at])} is not ${native}`);
      }
    }
  });
}
