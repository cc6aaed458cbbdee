"use strict";

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/* Clicking a column's name sorts by it, clicking again turns the order round. What has no value stays last. */
function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      body.append(...sorted([...body.rows], column, head.dataset.type === "number", descending));
    });
  });
}

function sorted(rows, column, numeric, descending) {
  const keyed = rows.map((row) => ({ row, key: row.cells[column].dataset.key ?? row.cells[column].textContent }));
  const known = keyed.filter(({ key }) => key !== "");
  const unknown = keyed.filter(({ key }) => key === "");
  const compare = numeric ? (a, b) => a.key - b.key : (a, b) => collator.compare(a.key, b.key);
  known.sort(descending ? (a, b) => compare(b, a) : compare);
  return [...known, ...unknown].map(({ row }) => row);
}

/* A row is shown if it has the outcome and category chosen, and all the words typed. */
function makeFilterable(form, table, status) {
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, text: null }));
  const count = new Intl.NumberFormat("en");
  const hasWords = (entry, words) => {
    entry.text ??= entry.row.textContent.toLowerCase();
    return words.every((word) => entry.text.includes(word));
  };
  const apply = () => {
    const { outcome, words, category } = Object.fromEntries(new FormData(form));
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of rows) {
      const data = entry.row.dataset;
      const fits =
        (outcome === "" || data.outcome === outcome || (outcome === "failed" && "failed" in data)) &&
        (category === "" || data.category === category) &&
        hasWords(entry, wanted);
      entry.row.hidden = !fits;
      shown += fits;
    }
    status.textContent = `${count.format(shown)} of ${count.format(rows.length)} questions shown`;
  };
  for (const name of ["input", "change"]) form.addEventListener(name, apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  if (rows.some(({ row }) => "failed" in row.dataset)) form.elements.outcome.value = "failed";
  apply();
}

document.querySelectorAll("table.sortable").forEach(makeSortable);
const filters = document.getElementById("filters");
if (filters) makeFilterable(filters, document.getElementById("questions"), document.getElementById("shown"));
