// Runs engine.js in a worker and asks it.

// Takes the worker that site.js started while this file was on its way, or starts one from it, for
// the site at an address.
function startWorker(base) {
  const waiting = new Map();
  let worker;
  let last = 0;
  const ended = (number, answer, error) => {
    const [done, fail] = waiting.get(number);
    waiting.delete(number);
    error ? fail(new Error(error)) : done(answer);
  };
  const call = (...asked) => new Promise((...ends) => {
    if (!worker) {
      worker = globalThis.searchWorker ?? new Worker(import.meta.url, { type: "module" });
      worker.onmessage = ({ data }) => ended(...data);
      worker.onerror = () => {
        worker = globalThis.searchWorker = null;
        for (const number of waiting.keys()) ended(number, 0, "worker");
      };
    }
    waiting.set(++last, ends);
    worker.postMessage([last, base, ...asked]);
  });
  // The head; what fails now is asked for again with the first question.
  const ready = call().catch(() => {});
  return { ready, ask: call, count: () => call("count") };
}

export const siteRoot = new URL("../", import.meta.url).href;
// A worker has no document, and no worker of its own.
export const engine = globalThis.document && startWorker(siteRoot);
