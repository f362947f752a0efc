// Headless Chromium, and the count of what a page and its workers transfer.
import { chromium } from "playwright-core";
import https from "node:https";

/** Starts a browser that trusts these certificates as it trusts real ones, and so caches. */
export function startChromium(pins) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--ignore-certificate-errors-spki-list=${pins.join(",")}`],
  });
}

/** The slow line of the figures: 100 ms there and back, 1.6 Mbit/s. */
const SLOW = { offline: false, latency: 100, downloadThroughput: 200_000, uploadThroughput: 200_000 };

/** Returns the bytes of a body as the server sends it to a browser. */
function bodyOf(url) {
  return new Promise((resolve, reject) => {
    https.get(url, { rejectUnauthorized: false, headers: { "accept-encoding": "gzip" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => (bytes += chunk.length)).on("end", () => resolve(bytes));
    }).on("error", reject);
  });
}

/** Counts requests and bytes over the network, headers included; what a cache answers is no transfer. */
export class Transfers {
  #waiting = new Map();
  #asked = new Map();
  #cached = new Set();
  #sizes = [];
  #workers = [];
  #isSlow = false;
  #messages = 0;

  static async of(page) {
    const transfers = new Transfers();
    transfers.session = await page.context().newCDPSession(page);
    const { session } = transfers;
    const events = ["requestWillBeSent", "requestServedFromCache", "responseReceived", "loadingFinished", "loadingFailed"];
    for (const event of events) session.on(`Network.${event}`, (told) => transfers.#note(`Network.${event}`, told));
    session.on("Target.attachedToTarget", (told) => transfers.#attach(told));
    session.on("Target.receivedMessageFromTarget", ({ message }) => {
      const { method, params } = JSON.parse(message);
      if (method) transfers.#note(method, params);
    });
    await session.send("Network.enable");
    await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: false });
    return transfers;
  }

  #note(method, { requestId, request, response, encodedDataLength }) {
    if (method === "Network.requestWillBeSent") {
      this.#waiting.set(requestId, request.url);
      this.#asked.set(request.url, (this.#asked.get(request.url) ?? 0) + 1);
    }
    if (method === "Network.requestServedFromCache" || response?.fromDiskCache) this.#cached.add(requestId);
    if (method !== "Network.loadingFinished" && method !== "Network.loadingFailed") return;
    this.#waiting.delete(requestId);
    if (!this.#cached.has(requestId)) this.#sizes.push(encodedDataLength ?? 0);
  }

  // Chromium does not tell the size of a worker's own script. What the page had asked for before
  // comes from the cache, or from that answer (as the log of the server shows); the body of
  // another is asked of the server, and its headers, some 150 bytes, are left out. The request of
  // a worker's script is named as what it loads.
  #attach({ sessionId, targetInfo }) {
    const own = [...this.#waiting].findLast(([id, url]) => url === targetInfo.url && /^[0-9A-F]{32}$/.test(id))?.[0];
    this.#waiting.delete(own);
    this.#cached.add(own);
    const send = (method, params = {}) => {
      const message = JSON.stringify({ id: (this.#messages += 1), method, params });
      return this.session.send("Target.sendMessageToTarget", { sessionId, message });
    };
    this.#workers.push((async () => {
      // Each is waited for: what starts the worker may overtake the others.
      await send("Network.enable");
      if (this.#isSlow) await send("Network.emulateNetworkConditions", SLOW);
      await send("Runtime.runIfWaitingForDebugger");
      return this.#asked.get(targetInfo.url) > 1 ? 0 : bodyOf(targetInfo.url);
    })());
  }

  /** From here on, page and workers have a slow line. */
  async slow() {
    this.#isSlow = true;
    await this.session.send("Network.emulateNetworkConditions", SLOW);
  }

  /** Waits until nothing is under way and returns what came since the last call. */
  async take() {
    const until = performance.now() + 30_000;
    do {
      if (performance.now() > until) throw new Error(`requests do not end: ${[...this.#waiting.values()].join(" ")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    } while (this.#waiting.size > 0);
    const scripts = (await Promise.all(this.#workers.splice(0))).filter((size) => size > 0);
    const sizes = [...this.#sizes.splice(0), ...scripts];
    return { requests: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  }
}

/** Opens a page in a context of its own, with nothing cached, and hands it to `body`. */
export async function fresh(browser, url, body) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const transfers = await Transfers.of(page);
    await page.goto(url);
    await transfers.take();
    return await body(page, transfers);
  } finally {
    await context.close();
  }
}
