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
