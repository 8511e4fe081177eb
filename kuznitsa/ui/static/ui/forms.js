// Forms: one click sends once, errors get the focus, a block from a spreadsheet fills a grid.

document.documentElement.classList.add("has-script");

// data-once: after the first submit its buttons rest; coming back by "Back" wakes them.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // A disabled button is not sent, so it is disabled after the browser has collected the values.
  setTimeout(() => setResting(form, true));
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) {
    delete form.dataset.sent;
    setResting(form, false);
  }
});

function setResting(form, resting) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.disabled = resting;
    button.classList.toggle("k-btn--busy", resting);
  }
}

// data-focus: the summary of errors is where the reader should be.
document.querySelector("[data-focus]")?.focus();

// data-copy="#id" or data-copy with the text in data-copy-text: puts it on the clipboard and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = button.dataset.copy && document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source ? source.value || source.textContent.trim() : button.dataset.copyText);
  const before = button.textContent;
  button.textContent = button.dataset.copied || "✓";
  setTimeout(() => (button.textContent = before), 2000);
});

// data-paste-grid on a <table> (or any box) of inputs: pasting a block of cells into one input fills the
// inputs to the right and below. Rows are the elements with data-row, or <tr>. Asks nothing of the server.
document.addEventListener("paste", (event) => {
  const grid = event.target.closest("[data-paste-grid]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!grid || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  const rows = [...grid.querySelectorAll("[data-row], tbody tr")].map((row) =>
    [...row.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), select, textarea")]
  );
  const top = rows.findIndex((cells) => cells.includes(event.target));
  const left = top < 0 ? -1 : rows[top].indexOf(event.target);
  if (left < 0) return;
  const block = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  block.forEach((line, y) => line.forEach((value, x) => fill(rows[top + y]?.[left + x], value.trim())));
});

function fill(cell, value) {
  if (!cell || cell.disabled || cell.readOnly) return;
  if (cell.tagName === "SELECT") {
    const option = [...cell.options].find((o) => o.text.trim().toLowerCase() === value.toLowerCase());
    value = option ? option.value : cell.value;
  } else if (cell.type === "number" || cell.inputMode === "numeric") {
    value = value.replace(/[\s\u00a0]/g, "");
  }
  cell.value = value;
  cell.classList.add("k-pasted");
  cell.dispatchEvent(new Event("change", { bubbles: true }));
}
