/** A board of records: one column for each value of a picklist. */
export class BoardView extends EventTarget {
  #root;
  #options;
  #columns = new Map();
  #lifted = null;

  constructor(root, options) {
    super();
    this.#root = root;
    this.#options = options;
    root.setAttribute("role", "group");
    root.addEventListener("dragstart", (event) => this.#lift(event.target.closest("[data-id]")));
    root.addEventListener("dragover", (event) => event.preventDefault());
    root.addEventListener("drop", (event) => this.#drop(event.target.closest("[data-column]")));
  }

  /** Shows `records` in the columns of `values`, in the order given. */
  show(values, records) {
    this.#columns.clear();
    this.#root.replaceChildren(...values.map((value) => this.#column(value, records)));
  }

  #column({ value, label }, records) {
    const own = records.filter((record) => record[this.#options.columnField] === value);
    const column = document.createElement("section");
    const heading = document.createElement("h3");
    column.dataset.column = value;
    heading.textContent = `${label} (${own.length})`;
    column.classList.toggle("over", own.length > this.#options.limit);
    column.append(heading, ...own.map((record) => this.#card(record)));
    this.#columns.set(value, column);
    return column;
  }

  #card(record) {
    const card = document.createElement("article");
    const title = document.createElement("strong");
    card.dataset.id = record.id;
    card.draggable = true;
    card.tabIndex = 0;
    title.textContent = record[this.#options.card.title];
    card.append(title);
    for (const field of this.#options.card.lines ?? []) {
      const line = document.createElement("p");
      line.textContent = record[field] ?? "";
      card.append(line);
    }
    return card;
  }

  #lift(card) {
    this.#lifted = card;
    card?.classList.add("lifted");
  }

  #drop(column) {
    const card = this.#lifted;
    this.#lifted = null;
    card?.classList.remove("lifted");
    if (!card || !column || card.parentElement === column) return;
    const from = card.parentElement.dataset.column;
    column.append(card);
    this.dispatchEvent(new CustomEvent("move", { detail: { id: card.dataset.id, from, to: column.dataset.column } }));
  }
}
