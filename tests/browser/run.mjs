// Looks at the built demo in headless Chromium, through `shelfmark serve` and
// through nginx: no console error, no CSP violation, nothing wider than the
// screen, in light and dark, wide and narrow, with and without JavaScript.
//
//   node tests/browser/run.mjs            pictures go to target/browser/
//   SHELFMARK_BLESS=1 node …              also renews the picture of the README
import { chromium } from "playwright-core";
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, copyFileSync, mkdtempSync, writeFileSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { searchTests } from "./search.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const binary = process.env.SHELFMARK_BIN ?? path.join(root, "target/debug/shelfmark");
const pictures = path.join(root, "target/browser");
mkdirSync(pictures, { recursive: true });
const work = mkdtempSync(path.join(tmpdir(), "shelfmark-browser-"));
const dist = path.join(work, "dist");

let passed = 0;
const failures = [];
async function test(name, body) {
  try {
    await body();
    passed += 1;
  } catch (error) {
    failures.push(name);
    console.error(`FAIL ${name}\n     ${error.message}`);
  }
}
function assert(condition, message) {
  if (!condition) throw new Error(message);
}

execFileSync(binary, ["--quiet", "build", "--registry", path.join(root, "registry-index"), "--out", dist], { stdio: "inherit" });

async function startServe() {
  const server = spawn(binary, ["serve", dist, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise((resolve, reject) => {
    let text = "";
    server.stderr.on("data", (chunk) => {
      text += chunk;
      const found = /http:\/\/[^ ]+/.exec(text);
      if (found) resolve(found[0]);
    });
    server.on("exit", () => reject(new Error(`serve ended: ${text}`)));
  });
  return { url, stop: () => server.kill() };
}

async function startNginx() {
  const port = 18000 + (process.pid % 10000);
  const conf = path.join(work, "nginx.conf");
  const preset = readFileSync(path.join(dist, "nginx.conf"), "utf8");
  writeFileSync(path.join(work, "site.conf"), preset);
  writeFileSync(
    conf,
    `daemon off;\npid ${work}/nginx.pid;\n${process.getuid() === 0 ? "user root;" : ""}\nerror_log stderr warn;\nevents {}\nhttp {\n` +
      `  include /etc/nginx/mime.types;\n  access_log off;\n` +
      ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((t) => `  ${t}_temp_path ${work}/${t};\n`).join("") +
      `  server {\n    listen 127.0.0.1:${port};\n    root ${dist};\n    include ${work}/site.conf;\n  }\n}\n`,
  );
  const nginx = spawn("nginx", ["-c", conf, "-p", work, "-e", "stderr"], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  nginx.stderr.on("data", (chunk) => (text += chunk));
  const url = `http://127.0.0.1:${port}/`;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${text}`);
    const answer = await fetch(url).catch(() => null);
    if (answer) return { url, stop: () => nginx.kill() };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nginx does not answer: ${text}`);
}

const pages = {
  home: "",
  package: "p/com.hotcrm.finance/",
  scanned: "p/com.brightdesk.reporting/",
  check: "rules/secret-in-file/",
  agent: "p/com.northwharf.architect/",
  pack: "p/com.brightdesk.ecommerce/",
  provider: "p/dev.shelfmark.provider-stripe/",
  versions: "p/com.hotcrm.crm/versions/",
  browse: "browse/",
  kind: "browse/kind/plugin/",
  publisher: "publishers/com.hotcrm/",
  packs: "starter-packs/",
  providers: "integration-providers/",
  rules: "rules/",
  rule: "rules/license-not-spdx/",
  policy: "policy/",
  search: "search/",
  docs: "docs/",
  document: "docs/index-format/",
  missing: "no/such/page",
};

// What a page complains about while it loads; the 404 page's own status is no complaint,
// nor is a request that a click on a link cut short.
async function open(context, url, isMissing = false) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (isMissing && /status of 404/.test(message.text())) return;
    complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`${request.url()} failed`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && response.url() !== url) complaints.push(`${response.url()} answered ${response.status()}`);
  });
  const answer = await page.goto(url, { waitUntil: "load" });
  return { page, complaints, status: answer.status(), headers: answer.headers() };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars"],
});
const serve = await startServe();

for (const [theme, width] of [["light", 1440], ["dark", 1440], ["light", 820], ["light", 390], ["dark", 390]]) {
  const context = await browser.newContext({ colorScheme: theme, viewport: { width, height: 900 } });
  for (const [name, address] of Object.entries(pages)) {
    await test(`${name} is clean in ${theme} at ${width}`, async () => {
      const { page, complaints, status } = await open(context, serve.url + address, name === "missing");
      assert(status === (name === "missing" ? 404 : 200), `status ${status}`);
      assert(complaints.length === 0, complaints.join("\n     "));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert(wide <= 0, `the page is ${wide} px wider than the screen`);
      const text = await page.evaluate(() => document.body.innerText);
      assert(text.length > 100, "the page is nearly empty");
      assert(!/\{%|\bundefined\b/.test(text), "a template value shows");
      assert((await page.locator("h1").count()) === 1, "a page has one h1");
      await page.screenshot({ path: path.join(pictures, `${name}-${theme}-${width}.png`), fullPage: width === 1440 && name !== "home" });
      await page.close();
    });
  }
  await context.close();
}

await test("the copy button copies the install command", async () => {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const { page, complaints } = await open(context, serve.url + pages.package);
  await page.locator("button[data-copy]").first().click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert(text === "shelfmark install com.hotcrm.finance", `copied: ${text}`);
  assert(complaints.length === 0, complaints.join("\n"));
  await context.close();
});

await test("the score of a package is its report's, with every point shown", async () => {
  const context = await browser.newContext();
  const { page, complaints } = await open(context, serve.url + pages.scanned);
  const shown = Number(await page.locator("#scan .mark b").first().innerText());
  const links = await page.locator("#scan a").evaluateAll((all) => all.map((link) => link.href));
  const fetched = async (end) => (await fetch(links.find((link) => link.endsWith(end) && !(end === ".json" && link.endsWith(".cdx.json"))))).json();
  const report = await fetched(".json");
  assert(report.score === shown, `the page says ${shown}, the report ${report.score}`);
  const lost = report.findings.reduce((sum, finding) => sum + finding.points, 0);
  assert(100 - lost === shown, `the findings take ${lost} points from 100, and ${shown} is shown`);
  assert((await page.locator("#scan tbody tr").count()) === report.findings.length, "a finding is missing");
  assert((await fetched(".cdx.json")).bomFormat === "CycloneDX", "the bill of materials is none");
  const check = links.find((link) => link.includes("/rules/"));
  assert((await fetch(check)).status === 200, `${check} is not there`);
  assert(complaints.length === 0, complaints.join("\n"));
  await context.close();
});

await test("everything is readable without JavaScript", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page, complaints } = await open(context, serve.url + pages.package);
  const button = page.locator("button[data-copy]").first();
  assert((await button.count()) === 1 && !(await button.isVisible()), "a copy button shows without JavaScript");
  await page.locator('a[href$="versions/"]').first().click();
  assert(page.url().endsWith("/versions/"), `a link led to ${page.url()}`);
  assert(complaints.length === 0, complaints.join("\n"));
  await page.goto(serve.url + "search/?q=invoice");
  assert((await page.locator('a[href*="browse/"]').count()) > 3, "the search page lists no browse pages");
  await context.close();
});

await test("every link of the site leads somewhere", async () => {
  const seen = new Set();
  const waiting = [serve.url];
  const broken = [];
  while (waiting.length > 0) {
    const url = waiting.pop();
    const answer = await fetch(url);
    if (answer.status !== 200) {
      broken.push(`${url} answered ${answer.status}`);
      continue;
    }
    if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) continue;
    const text = await answer.text();
    for (const [, href] of text.matchAll(/(?:href|src)="([^"#?][^"]*)"/g)) {
      const decoded = href.replaceAll("&#x2f;", "/").replaceAll("&amp;", "&");
      const target = new URL(decoded, answer.url);
      target.hash = "";
      target.search = "";
      if (target.href.startsWith(serve.url) && !seen.has(target.href)) {
        seen.add(target.href);
        waiting.push(target.href);
      }
    }
  }
  assert(broken.length === 0, broken.slice(0, 10).join("\n     "));
  assert(seen.size > 200, `only ${seen.size} addresses were found`);
});

await searchTests({ test, assert, open, browser, url: serve.url, pictures, binary, dist });

serve.stop();

await test("nginx serves the same site with the preset", async () => {
  const nginx = await startNginx();
  try {
    const context = await browser.newContext();
    for (const name of ["home", "package", "missing"]) {
      const { complaints, status, headers } = await open(context, nginx.url + pages[name], name === "missing");
      assert(status === (name === "missing" ? 404 : 200), `${name}: status ${status}`);
      assert(complaints.length === 0, `${name}: ${complaints.join("\n")}`);
      const policy = headers["content-security-policy"] ?? "";
      for (const part of ["default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]) {
        assert(policy.includes(part), `${name}: the policy header lacks ${part}: ${policy}`);
      }
    }
    const leaf = await fetch(nginx.url + "index/com/hotcrm/com.hotcrm.crm");
    assert(leaf.status === 200 && leaf.headers.get("etag"), "the index file has no ETag");
    const again = await fetch(nginx.url + "index/com/hotcrm/com.hotcrm.crm", { headers: { "If-None-Match": leaf.headers.get("etag") } });
    assert(again.status === 304, `asked again: ${again.status}`);
    await context.close();
  } finally {
    nginx.stop();
  }
});

await browser.close();
if (process.env.SHELFMARK_BLESS && existsSync(path.join(pictures, "home-light-1440.png"))) {
  copyFileSync(path.join(pictures, "home-light-1440.png"), path.join(root, "site/content/home.png"));
}
rmSync(work, { recursive: true, force: true });
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
