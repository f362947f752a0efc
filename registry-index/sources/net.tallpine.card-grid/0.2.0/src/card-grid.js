/** Fills `root` with one card for each record. */
export function cardGrid(root, records, { title, lines = [], columns = 3 }) {
  root.classList.add("card-grid");
  root.style.setProperty("--columns", String(columns));
  if (records.length === 0) {
    root.textContent = "No records";
    return;
  }
  root.replaceChildren(...records.map((record) => {
    const card = document.createElement("article");
    const heading = document.createElement("h3");
    heading.textContent = record[title];
    card.append(heading);
    for (const field of lines.slice(0, 3)) {
      const line = document.createElement("p");
      line.textContent = record[field] ?? "";
      card.append(line);
    }
    return card;
  }));
}
