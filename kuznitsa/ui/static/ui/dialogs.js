// data-dialog on <details>: a small window. Without this file it opens and closes by its own button;
// with it, also by Escape, by a press outside and by its close button, and only one is open at a time.

const open = () => [...document.querySelectorAll("details[data-dialog][open]")];

function close(dialog) {
  const inside = dialog.contains(document.activeElement);
  dialog.open = false;
  if (inside) dialog.querySelector("summary").focus();
}

for (const button of document.querySelectorAll("[data-dialog-close]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    close(closer.closest("details"));
    return;
  }
  for (const dialog of open()) {
    if (!dialog.contains(event.target)) dialog.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") open().forEach(close);
});

// The button becomes the window's name for those who cannot see it, and the first field gets the focus.
document.addEventListener(
  "toggle",
  (event) => {
    const dialog = event.target;
    if (!dialog.matches?.("details[data-dialog]") || !dialog.open) return;
    dialog.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  },
  true
);
