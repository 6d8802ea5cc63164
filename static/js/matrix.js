/* A matrix of links: one stop for the tab key, arrow keys move between the cells. <div data-matrix><table>… */
(() => {
  'use strict';
  const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

  const follow = (box) => {
    const rows = Array.from(box.querySelectorAll('tbody tr'));
    const linkAt = (row, column) => { const cell = rows[row] && rows[row].cells[column]; return cell ? cell.querySelector('a') : null; };
    const first = box.querySelector('tbody td a');
    if (!first) return;
    let stop = first;
    stop.tabIndex = 0;
    const go = (link) => {
      stop.tabIndex = -1;
      stop = link;
      stop.tabIndex = 0;
      stop.focus();
      stop.closest('td').scrollIntoView({ block: 'nearest', inline: 'nearest' });
    };
    box.addEventListener('focusin', (event) => {
      if (event.target.matches('tbody td a') && event.target !== stop) { stop.tabIndex = -1; stop = event.target; stop.tabIndex = 0; }
    });
    box.addEventListener('keydown', (event) => {
      const link = event.target.closest('tbody td a');
      if (!link) return;
      let row = rows.indexOf(link.closest('tr'));
      let column = link.closest('td').cellIndex;
      if (event.key === 'Home' || event.key === 'End') {
        const links = rows[row].querySelectorAll('td a');
        event.preventDefault();
        go(links[event.key === 'Home' ? 0 : links.length - 1]);
        return;
      }
      const move = MOVES[event.key];
      if (!move) return;
      event.preventDefault();
      for (;;) {
        row += move[0];
        column += move[1];
        if (row < 0 || row >= rows.length || column < 0 || column >= rows[0].cells.length) return;
        const next = linkAt(row, column);
        if (next && next.closest('td')) { go(next); return; }
      }
    });
  };

  document.querySelectorAll('[data-matrix]').forEach(follow);
})();
