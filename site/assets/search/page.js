// The search page. Data enters the page as text only.

import { engine, siteRoot } from "./client.js";

const byId = (id) => document.getElementById(id);
const plainText = (text) => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").slice(0, 200).trim();
const printed = new Map([["ui", "Interface"], ["usage-based", "Usage-based"], ["contact-sales", "Price on request"]]);
const sentenceCase = (text) => printed.get(text) ?? text.charAt(0).toUpperCase() + text.slice(1).replace(/-(?=[a-z])/g, " ");
const packageAddress = (id) => `${siteRoot}p/${encodeURIComponent(id)}/`;

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Pieces of a text and whether each was found.
const marked = (pieces) => pieces.map(([piece, isHit]) => (isHit ? make("mark", {}, piece) : piece));

// The browse lists of the page name the values.
function labelOf(facet, value) {
  return document.querySelector(`#lists a[href$="browse/${facet}/${CSS.escape(value)}/" i]`)?.textContent ?? sentenceCase(value);
}

function resultCard(card) {
  const { id, kind, level, status } = card;
  const [name, tagline] = card.marked.map(marked);
  const [mean, count] = card.rating.split(" ");
  const link = make("a", { href: packageAddress(id) }, ...name);
  const labels = id.split(".").flatMap((label) => [make("br"), label]);
  const facts = [
    status && make("b", { className: "ink" }, status),
    make("b", {}, sentenceCase(kind)),
    card.category && labelOf("category", card.category),
    card.publisher,
    make("span", { className: `lv lv-${level}` }, sentenceCase(level)),
    card.license,
    card.pricing && sentenceCase(card.pricing),
    count && `★ ${Number(mean).toFixed(1)} (${count})`,
    card.dependents && `Used by ${Number(card.dependents).toLocaleString("en")}`,
  ].filter(Boolean);
  const day = card.updated && new Date(card.updated).toUTCString().slice(5, 16).replace(/^0/, "");
  return make("li", { className: status ? "card dim" : "card" },
    make("h2", {}, link),
    make("p", { className: "call" }, ...labels.slice(1)),
    make("p", { className: "when" }, make("b", {}, card.version), " ", day ? make("time", { dateTime: card.updated }, day) : ""),
    make("p", { className: "tag" }, ...tagline),
    make("p", { className: "meta" }, ...facts.flatMap((fact) => [fact.nodeType ? fact : make("span", {}, fact), " "])));
}

function countSentence({ total, atLeast, some }) {
  const count = `${total ? total.toLocaleString("en") : "No"} package${total === 1 ? "" : "s"}`;
  if (some) return `${count} ${total === 1 ? "has" : "have"} some of these words`;
  return atLeast ? `At least ${count}` : count;
}

function startPage() {
  const [main, page, found, results, more, sort, panel, nothing, failed, lists] =
    ["main", "search", "found", "results", "more", "sort", "filters", "nothing", "failed", "lists"].map(byId);
  const box = main.querySelector("[name=q]");
  const command = main.querySelector(".cmd code");
  const example = command.textContent;
  const { title } = document;
  const facets = [...panel.querySelectorAll("fieldset")];
  const links = () => [...results.querySelectorAll("a")];
  let filters, limit, timer, answered, isCommitted;
  let asked = 0;

  const chosen = () => Object.values(filters).flat().length;

  function restore() {
    const address = new URLSearchParams(location.search);
    box.value = plainText(address.get("q") ?? "");
    sort.value = address.get("sort");
    if (sort.selectedIndex < 0) sort.selectedIndex = 0;
    filters = Object.fromEntries(facets.map(({ name }) => [name, address.getAll(name).map((value) => value.toLowerCase())]));
    limit = history.state?.limit ?? 10;
    ask();
  }

  function remember(isNew) {
    const query = new URLSearchParams();
    const text = plainText(box.value);
    if (text) query.set("q", text);
    for (const facet in filters) for (const value of filters[facet]) query.append(facet, value);
    if (sort.selectedIndex) query.set("sort", sort.value);
    const search = `${query}` && `?${query}`;
    history[isNew && search !== location.search ? "pushState" : "replaceState"]({ limit }, "", location.pathname + search);
  }

  // Typing after a committed question begins a new entry of the history.
  function change(isNew, commits) {
    limit = 10;
    remember(isNew);
    isCommitted = commits;
    ask();
  }

  async function ask() {
    clearTimeout(timer);
    const mine = ++asked;
    const text = plainText(box.value);
    const isStart = !text && !chosen() && !sort.selectedIndex;
    document.title = text ? `${text} · ${title}` : title;
    const options = [...Object.entries(filters).flatMap(([name, values]) => values.map((value) => `--${name} ${quoted(value)}`)),
      ...(sort.selectedIndex ? [`--sort ${sort.value}`] : []), "--url " + siteRoot];
    command.textContent = isStart ? example : `shelfmark search ${options.join(" ")} ${text[0] === "-" ? "-- " : ""}${quoted(text)}`;
    lists.hidden = !isStart;
    lists.className = "";
    page.hidden = sort.parentNode.hidden = isStart;
    panel.querySelector("summary span").textContent = chosen() || "";
    for (const button of main.querySelectorAll("[data-clear]")) button.hidden = !chosen();
    page.ariaBusy = String(!isStart);
    if (isStart) return found.replaceChildren();
    const answer = await engine.ask(text, { filters, sort: sort.value, limit }).catch(console.warn);
    if (mine !== asked) return;
    page.ariaBusy = "false";
    answered = answer;
    const { cards = [], near, total, atLeast } = answer ?? {};
    failed.hidden = !!answer;
    if (!answer) for (const facet of facets) facet.hidden = true;
    nothing.hidden = !answer || cards.length > 0;
    found.replaceChildren(answer ? countSentence(answer) : "The search could not be loaded");
    if (near) found.append(" for ", make("b", {}, near), ": nothing matches as typed");
    results.replaceChildren(...cards.map(resultCard));
    more.hidden = cards.length < limit || (!atLeast && cards.length >= total);
    count();
  }

  function count() {
    const answer = answered;
    if (!panel.open || !answer) return;
    setTimeout(async () => {
      const counts = answer === answered && (await engine.count().catch(() => ({})));
      if (answer === answered) fill(counts);
    }, 60);
  }

  // Chosen values stay, even with nothing left to count.
  function fill(counts) {
    const { name, value } = document.activeElement;
    for (const facet of facets) {
      const kept = filters[facet.name];
      const rows = Object.entries({ ...Object.fromEntries(kept.map((key) => [key, 0])), ...counts[facet.name] })
        .filter(([key, number]) => number || kept.includes(key))
        .sort(([a, many], [b, few]) => (facet.name === "score" ? parseInt(b) - parseInt(a) : few - many));
      facet.hidden = !rows.length;
      facet.replaceChildren(facet.firstElementChild, ...rows.map(([key, number]) => make("label", {},
        make("input", { type: "checkbox", name: facet.name, value: key, checked: kept.includes(key) }),
        make("span", {}, labelOf(facet.name, key)), " ", make("span", { className: "n" }, number.toLocaleString("en")))));
      if (rows.length > 8) facet.append(make("button", { type: "button", className: "plain" }, `All ${rows.length}`));
    }
    const inputs = [...panel.querySelectorAll("input")];
    inputs.find((input) => input.name === name && input.value === value)?.focus();
  }

  box.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(() => change(isCommitted, false), 60);
  };
  box.form.onsubmit = (event) => {
    event.preventDefault();
    change(isCommitted, true);
  };
  sort.onchange = () => change(true, true);
  panel.onchange = ({ target: { name, value, checked } }) => {
    filters[name] = filters[name].filter((other) => other !== value);
    if (checked) filters[name].push(value);
    change(true, true);
  };
  panel.ontoggle = count;
  window.onpopstate = restore;
  main.onclick = async ({ target }) => {
    if (target.matches("fieldset button")) {
      target.parentNode.classList.add("all");
      target.parentNode.querySelectorAll("input")[8].focus();
    } else if (target.matches("[data-clear]")) {
      for (const facet in filters) filters[facet] = [];
      box.focus();
      change(true, true);
    } else if (target.matches("[data-retry]")) {
      box.focus();
      ask();
    } else if (target === more) {
      const first = limit;
      limit += 10;
      remember();
      await ask();
      links()[first]?.focus();
    }
  };
  main.onkeydown = (event) => {
    const stops = [box, ...links(), more].filter((stop) => stop.checkVisibility());
    const at = stops.indexOf(event.target);
    const next = stops[at + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? NaN)];
    if (at < 0 || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (at) box.focus();
      else if (!box.value) box.blur();
      else {
        box.value = "";
        change(isCommitted, false);
      }
    } else if (next) {
      event.preventDefault();
      next.focus();
    }
  };

  const wide = matchMedia("(min-width: 60rem)");
  wide.onchange = () => (panel.open = wide.matches);
  wide.onchange();
  restore();
}

export { make, marked, packageAddress, plainText, sentenceCase };
if (engine && byId("results")) startPage();
