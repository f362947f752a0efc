// Copy buttons, the "/" key and the suggestions of the search boxes. Every page works without this file.
const root = document.documentElement;
root.classList.add("js");

const status = document.createElement("p");
status.className = "vh";
status.setAttribute("role", "status");
document.body.append(status);

async function copy(button) {
  const source = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(source.textContent);
    status.textContent = "Copied: " + source.textContent;
    button.textContent = "Copied";
  } catch {
    // Without a secure context there is no clipboard: select the text instead.
    getSelection().selectAllChildren(source);
    status.textContent = "Selected. Press Ctrl+C or Command+C to copy.";
    button.textContent = "Selected";
  }
  setTimeout(() => {
    button.textContent = "Copy";
    status.textContent = "";
  }, 2500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("main input[type=search]") || document.querySelector("input[type=search]");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

// Starts the worker of search, which takes as long as its script, asked for before, is on its way.
// client.js takes it over.
function startSearch(path) {
  if (globalThis.searchWorker) return;
  globalThis.searchWorker = new Worker(new URL(path, document.baseURI), { type: "module" });
  globalThis.searchWorker.onerror = () => (globalThis.searchWorker = null);
}

if (document.getElementById("results")) startSearch(document.body.dataset.search);

// The script of search, and the head of its files, come with the first focus of a search box.
async function readySearch(box) {
  const { search, suggest } = document.body.dataset;
  if (!search || !box.matches(".find input[type=search]") || box.dataset.ready) return;
  box.dataset.ready = "yes";
  try {
    const modules = Promise.all([search, suggest].map((path) => import(new URL(path, document.baseURI).href)));
    const head = new URL(search.replace(/assets\/.*/, "search/head.bin"), document.baseURI);
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: head }));
    startSearch(search);
    const [module, { attach }] = await modules;
    attach(box.form, module);
  } catch {
    // The form still leads to the search page; the next focus tries again.
    delete box.dataset.ready;
  }
}

document.addEventListener("focusin", (event) => readySearch(event.target));
if (document.activeElement) readySearch(document.activeElement);
