/* Tick rows, see how many, act on them: <form data-bulk> with ticks named "ids". Ticks survive a live update of their row. */
(function () {
  'use strict';
  const chosen = new WeakMap();
  const ticks = (form) => Array.from(form.querySelectorAll('input[type="checkbox"][name="ids"]'));
  const show = (form) => {
    const boxes = ticks(form);
    const on = boxes.filter((box) => box.checked);
    chosen.set(form, new Set(on.map((box) => box.value)));
    boxes.forEach((box) => { const row = box.closest('tr, li'); if (row) row.classList.toggle('ticked', box.checked); });
    const bar = form.querySelector('[data-bulk-bar]');
    if (bar) bar.hidden = on.length === 0;
    const count = form.querySelector('[data-bulk-count]');
    if (count) count.textContent = String(on.length);
    const every = form.querySelector('[data-bulk-all]');
    if (every) { every.checked = on.length > 0 && on.length === boxes.length; every.indeterminate = on.length > 0 && on.length < boxes.length; }
  };
  document.addEventListener('change', (event) => {
    const form = event.target.closest && event.target.closest('form[data-bulk]');
    if (!form) return;
    if (event.target.matches('[data-bulk-all]')) ticks(form).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches('[data-bulk-all], [name="ids"]')) show(form);
  });
  document.addEventListener('click', (event) => {
    const clear = event.target.closest && event.target.closest('[data-bulk-clear]');
    const form = clear && clear.closest('form[data-bulk]');
    if (form) { ticks(form).forEach((box) => { box.checked = false; }); show(form); }
  });
  document.addEventListener('htmx:afterSettle', () => document.querySelectorAll('form[data-bulk]').forEach((form) => {
    const kept = chosen.get(form);
    if (kept) ticks(form).forEach((box) => { if (kept.has(box.value)) box.checked = true; });
    show(form);
  }));
  document.querySelectorAll('form[data-bulk]').forEach(show);
})();
