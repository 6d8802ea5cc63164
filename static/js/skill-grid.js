/* A grid of one-digit inputs: arrow keys and Enter move between the cells, a digit replaces what is there. */
(() => {
  'use strict';
  const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Enter: [1, 0] };
  const follow = (table) => {
    const rows = Array.from(table.tBodies[0].rows, (row) => Array.from(row.querySelectorAll('input')));
    table.addEventListener('focusin', (event) => { if (event.target.matches('input')) event.target.select(); });
    table.addEventListener('keydown', (event) => {
      const move = MOVES[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      const row = rows.findIndex((inputs) => inputs.includes(event.target));
      if (row < 0) return;
      event.preventDefault();
      const next = (rows[row + move[0]] || [])[rows[row].indexOf(event.target) + move[1]];
      if (next) next.focus();
    });
  };
  document.querySelectorAll('[data-skill-grid]').forEach(follow);
})();
