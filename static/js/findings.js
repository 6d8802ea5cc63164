/* The inbox of findings: j and k walk the list, a acknowledges; the open one is marked; a narrow screen follows the link. */
(function () {
  'use strict';
  const work = document.querySelector('[data-findings]');
  if (!work) return;
  const links = () => Array.from(work.querySelectorAll('.inbox .tt'));
  const narrow = () => { const detail = work.querySelector('#detail'); return !detail || getComputedStyle(detail).display === 'none' || getComputedStyle(detail).position === 'fixed'; };

  const mark = () => {
    const detail = work.querySelector('#detail');
    const id = detail ? detail.dataset.finding : '';
    links().forEach((link) => {
      const on = link.dataset.finding === id;
      link.closest('li').classList.toggle('sel', on);
      if (on) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
    });
  };

  work.addEventListener('htmx:beforeRequest', (event) => {
    const link = event.target.closest('a[hx-get]');
    if (link && narrow()) { event.preventDefault(); window.location.assign(link.href); }
  });
  document.addEventListener('htmx:afterSettle', () => {
    mark();
    const open = work.querySelector('#detail details.menu[open] .menu-form');
    const field = open && open.querySelector('select, textarea, input:not([type="hidden"])');
    if (field) field.focus();
  });

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (document.querySelector('dialog[open], details.menu[open]')) return;
    const all = links();
    const at = all.findIndex((link) => link.getAttribute('aria-current') === 'true');
    if (event.key === 'j' || event.key === 'k') {
      const next = all[Math.min(Math.max(at + (event.key === 'j' ? 1 : -1), 0), all.length - 1)];
      if (!next) return;
      event.preventDefault();
      next.focus();
      if (!narrow()) next.click();
    } else if (event.key === 'a') {
      const button = work.querySelector('#detail form[action*="/acknowledge/"] button');
      if (button) { event.preventDefault(); button.click(); }
    }
  });
  mark();
})();
