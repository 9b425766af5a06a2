// Counts grades anew while their borders are typed, as the server does when the form is sent.
const form = document.querySelector("[data-grades]");
const table = form?.querySelector("[data-percents]");
const chart = form?.querySelector(".chart");
const UNITS = 10_000; // of one percent, as the totals are given

/** The border in units, or null where nothing usable is typed. */
function unitsOf(text) {
  const found = /^(\d{1,3})(?:[.,](\d{1,4}))?$/.exec(text.trim());
  return found ? Number(found[1]) * UNITS + Number((found[2] ?? "").padEnd(4, "0")) : null;
}

function recount() {
  const totals = JSON.parse(table.dataset.percents);
  const rows = [...table.querySelectorAll("[data-border]")].map((row) => ({
    row,
    letter: row.querySelector("[data-letter]").value.trim(),
    at: unitsOf(row.querySelector("[data-at]").value),
  }));
  const known = rows.filter(({ letter, at }) => letter && at !== null).sort((one, other) => other.at - one.at);
  const counts = new Map(known.map(({ row }) => [row, 0]));
  for (const total of totals) {
    // Who is below every border has the lowest grade.
    const earned = known.find(({ at }) => total >= at) ?? known.at(-1);
    if (earned) counts.set(earned.row, counts.get(earned.row) + 1);
  }
  const top = Number(chart.dataset.top);
  for (const { row, letter, at } of rows) {
    row.querySelector("[data-count]").textContent = counts.get(row) ?? "";
    const mark = chart.querySelector(`[data-mark="${row.dataset.border}"]`);
    mark.setAttribute("visibility", counts.has(row) ? "visible" : "hidden");
    mark.setAttribute("transform", `translate(${10 + (340 * Math.min((at ?? 0) / UNITS, top)) / top} 0)`);
    mark.querySelector("text").textContent = letter;
  }
  form.querySelector("[data-said]").textContent = known.map(({ row, letter }) => `${letter}: ${counts.get(row)}`).join(", ");
}

table?.addEventListener("input", recount);
for (const name of ["kind", "rounding", "step"]) {
  // These change the totals or the table themselves: that is for the server to count.
  form?.elements[name]?.addEventListener("change", () => {
    form.querySelector("[data-stale]").hidden = false;
  });
}
