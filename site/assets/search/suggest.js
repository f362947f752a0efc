// The suggestions under the search box of every page but the search page itself.

// site.js calls this when a search box is first focused.
export function attach(form, { engine, make, marked, packageAddress, plainText, sentenceCase }) {
  if (document.getElementById("results")) return;
  const box = form.elements.q;
  const list = make("div", { id: "suggestions", role: "listbox", ariaLabel: "Packages", hidden: true });
  let options = [];
  let active = -1;
  let asked = 0;
  let timer;
  const told = make("p", { role: "status", className: "vh" });
  form.append(list, told);
  box.role = "combobox";
  box.ariaAutoComplete = "list";
  box.setAttribute("aria-controls", list.id);
  close();

  function pick(at) {
    active = at;
    options.forEach((option, index) => (option.ariaSelected = String(index === at)));
    box.setAttribute("aria-activedescendant", options[at]?.id ?? "");
  }

  function toggle(isOpen) {
    list.hidden = !isOpen;
    box.ariaExpanded = String(isOpen);
    pick(-1);
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    toggle(false);
    told.textContent = "";
    told.className = "vh";
  }

  async function suggest() {
    const mine = ++asked;
    const text = plainText(box.value);
    const answer = text && (await engine.ask(text, { filters: {}, sort: "relevance", limit: 6 }).catch(console.warn));
    if (mine !== asked) return;
    const option = (href, ...children) => make("a", { role: "option", tabIndex: -1, href }, ...children);
    options = (answer?.cards ?? []).map(({ id, kind, marked: [name] }) => option(packageAddress(id),
      make("b", {}, ...marked(name)), " ", make("span", { className: "n" }, sentenceCase(kind)), " ", make("small", { className: "id" }, id)));
    if (options.length) options.push(option(`${form.action}?q=${encodeURIComponent(text)}`, "All results"));
    options.forEach((made, at) => (made.id = `suggestion-${at}`));
    list.replaceChildren(...options);
    toggle(options.length > 0);
    // What is told to those who do not see the list, and what is seen where there is none.
    const found = options.length - 1;
    told.textContent = !text ? "" : !answer ? "The search could not be loaded" : found < 0 ? "No packages" : found === 1 ? "1 package suggested" : `${found} packages suggested`;
    told.className = text && options.length === 0 ? "hint" : "vh";
  }

  box.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 60);
  };
  box.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const places = options.length + 1;
    if (event.isComposing || event.altKey) return;
    if (step && list.hidden) suggest();
    else if (step) pick(((active + 1 + step + places) % places) - 1);
    else if (event.key === "Enter" && active >= 0) options[active].click();
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  };
  form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget) || close());
  if (box.value) suggest();
}
