/* The budget grid: cells become inputs, keys move, a block can be pasted, totals follow; saved as one form. */
(() => {
  "use strict";
  const form = document.getElementById("budget-grid");
  if (!form) return;
  const rows = [...form.querySelectorAll("tbody tr")];
  const cells = rows.map((row) => [...row.querySelectorAll("td.cell")]);
  const state = form.querySelector("[data-state]");
  let dirty = !state.hidden;

  /* "1,234.50", "1 234,50", "1.234,50", "(1,234)" in hundredths; null for what is no amount. */
  const hundredths = (text) => {
    let s = text.replace(/[\s\u00a0\u202f’'$£€]/g, "").replace(/\u2212/g, "-");
    if (s === "") return 0;
    if (/^\(.*\)$/.test(s)) s = "-" + s.slice(1, -1);
    const comma = s.lastIndexOf(","), dot = s.lastIndexOf(".");
    if (comma >= 0 && dot >= 0) s = comma > dot ? s.replace(/\./g, "").replace(",", ".") : s.replace(/,/g, "");
    else if (comma >= 0) s = /^-?\d{1,3}(,\d{3})+$/.test(s) ? s.replace(/,/g, "") : s.replace(",", ".");
    else if (/^-?\d{1,3}(\.\d{3}){2,}$/.test(s)) s = s.replace(/\./g, "");
    const match = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(s);
    if (!match) return null;
    const value = Number(match[2]) * 100 + Number((match[3] || "").padEnd(2, "0"));
    return match[1] ? -value : value;
  };
  const shown = (value) => {
    const n = Math.abs(value);
    const whole = String(Math.floor(n / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    return (value < 0 ? "\u2212" : "") + whole + "." + String(n % 100).padStart(2, "0");
  };
  const plain = (value) => (value < 0 ? "-" : "") + Math.floor(Math.abs(value) / 100) + "." + String(Math.abs(value) % 100).padStart(2, "0");

  const total = () => {
    const columns = [];
    let whole = 0, contingency = 0;
    cells.forEach((line, r) => {
      let sum = 0;
      line.forEach((cell, c) => {
        const value = hundredths(cell.firstChild.value) || 0;
        sum += value;
        columns[c] = (columns[c] || 0) + value;
      });
      rows[r].querySelector("[data-row-total]").textContent = shown(sum);
      whole += sum;
      if (rows[r].dataset.category === "contingency") contingency += sum;
    });
    form.querySelectorAll("[data-column-total]").forEach((cell, c) => { cell.textContent = shown(columns[c] || 0); });
    form.querySelectorAll("[data-total], [data-whole]").forEach((cell) => { cell.textContent = shown(whole); });
    form.querySelector("[data-contingency]").textContent = shown(contingency);
  };
  const touch = (cell) => {
    const input = cell.firstChild;
    const value = hundredths(input.value);
    if (value === null) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    cell.classList.toggle("touched", input.value !== input.defaultValue);
    dirty = true;
    state.hidden = false;
  };
  const go = (r, c) => {
    const cell = cells[r] && cells[r][c];
    if (!cell) return false;
    cell.firstChild.focus();
    cell.firstChild.select();
    return true;
  };

  cells.forEach((line, r) => line.forEach((cell, c) => {
    const input = document.createElement("input");
    input.type = "text";
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.setAttribute("aria-label", cell.dataset.label);
    input.value = input.defaultValue = cell.textContent.trim();
    cell.replaceChildren(input);
    let before = input.value;
    input.addEventListener("focus", () => { before = input.value; input.select(); });
    input.addEventListener("input", () => { touch(cell); total(); });
    input.addEventListener("blur", () => {
      const value = hundredths(input.value);
      if (value !== null && input.value !== before) input.value = value === 0 ? "" : shown(value);
    });
    input.addEventListener("keydown", (event) => {
      const edge = (end) => input.selectionStart === 0 && input.selectionEnd === input.value.length
        || input.selectionStart === input.selectionEnd && input.selectionStart === (end ? input.value.length : 0);
      let moved = false;
      if (event.key === "Enter") moved = go(r + (event.shiftKey ? -1 : 1), c) || true;
      else if (event.key === "ArrowDown") moved = go(r + 1, c);
      else if (event.key === "ArrowUp") moved = go(r - 1, c);
      else if (event.key === "ArrowRight" && edge(true)) moved = go(r, c + 1);
      else if (event.key === "ArrowLeft" && edge(false)) moved = go(r, c - 1);
      else if (event.key === "Escape") { input.value = before; touch(cell); total(); input.select(); moved = true; }
      if (moved) event.preventDefault();
    });
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
      if (!/[\t\n]/.test(text)) return;
      event.preventDefault();
      let left = 0;
      text.split("\n").forEach((row, down) => row.split("\t").forEach((given, along) => {
        const target = cells[r + down] && cells[r + down][c + along];
        const value = hundredths(given);
        if (!target) { if (value !== 0) left += 1; return; }
        target.firstChild.value = value === null ? given.trim() : value === 0 ? "" : shown(value);
        touch(target);
      }));
      form.querySelector("[data-left-out]").hidden = left === 0;
      total();
    });
  }));

  const save = form.querySelector("[data-save]");
  save.hidden = rows.length === 0;
  form.querySelector("[data-help]").hidden = rows.length === 0;
  form.addEventListener("submit", (event) => {
    const wrong = form.querySelector(".bgrid [aria-invalid]");
    if (wrong) { event.preventDefault(); wrong.focus(); return; }
    if (dirty || (event.submitter && event.submitter === save)) {
      form.elements.grid.value = JSON.stringify(rows.map((row, r) => ({
        phase: row.dataset.phase, category: row.dataset.category, kind: row.dataset.kind, fund: row.dataset.fund,
        cells: Object.fromEntries(cells[r].map((cell) => [cell.dataset.month, hundredths(cell.firstChild.value)])
          .filter((pair) => pair[1]).map((pair) => [pair[0], plain(pair[1])])),
      })));
    }
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
})();
