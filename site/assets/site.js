// Copy buttons and the "/" key. Every page works without this file.
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

// The search page: the words of the address return to the box and the command,
// and a catalog small enough to fetch is searched by id, name and tagline.
const MOST = 20;
const results = document.getElementById("results");
const asked = new URLSearchParams(location.search).get("q") ?? "";
const words = asked.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").slice(0, 200).trim();
if (results && words) search();

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function line(item) {
  const link = element("a", "", item.name);
  link.href = `${results.dataset.root}p/${encodeURIComponent(item.id)}/`;
  const note = element("small", "", item.tagline ? `${item.tagline} ` : "");
  note.append(element("span", "id", item.id));
  const made = document.createElement("li");
  made.append(link, element("span", "n", item.kind.replaceAll("-", " ")), note);
  return made;
}

async function search() {
  const found = document.getElementById("found");
  const dash = words.startsWith("-") ? "-- " : "";
  document.querySelector("main input[name=q]").value = words;
  document.querySelector(".cmd code").textContent = `shelfmark search ${dash}'${words.replaceAll("'", "'\\''")}'`;
  document.title = `${words} · ${document.title}`;
  if (!results.dataset.list) return;
  let packages;
  try {
    packages = (await (await fetch(results.dataset.root + results.dataset.list)).json()).packages;
  } catch {
    found.textContent = "The list of packages could not be loaded.";
    return;
  }
  const wanted = plain(words).split(" ");
  const has = (text) => wanted.every((word) => plain(text).includes(word));
  const hits = packages.filter((p) => has(`${p.id} ${p.name} ${p.tagline ?? ""}`));
  const whole = plain(words);
  const is = (p) => plain(p.name) === whole || `.${p.id}`.endsWith(`.${whole}`);
  const rank = (p) => (is(p) ? 0 : has(p.name) ? 1 : has(p.id) ? 2 : 3);
  hits.sort((a, b) => rank(a) - rank(b));
  const count = hits.length === 1 ? "1 package" : `${hits.length || "No"} packages`;
  const first = hits.length > MOST ? `, the first ${MOST} shown` : "";
  found.textContent = `${count} with ${wanted.length > 1 ? "these words" : "this word"} in the id, name or tagline${first}`;
  results.append(...hits.slice(0, MOST).map(line));
  results.hidden = hits.length === 0;
}
