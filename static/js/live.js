/* A part of the page that keeps itself up to date: asks its own address with the stamp of what it shows; 204 means nothing new.
   <div data-live="ADDRESS" data-stamp="STAMP">…</div>; the answer's root carries the new stamp. */
(() => {
  'use strict';
  const QUICK = 500, SLOW = 5000, IDLE = 10 * 60 * 1000;

  const follow = (part) => {
    let failures = 0;
    let lastNews = Date.now();
    const again = () => {
      const idle = Date.now() - lastNews > IDLE;
      setTimeout(ask, failures || idle || document.hidden ? SLOW : QUICK);
    };
    const busy = () => part.contains(document.activeElement) && document.activeElement.matches('input, select, textarea');
    const ask = async () => {
      if (!part.isConnected) return;
      if (document.hidden || busy()) { again(); return; }
      const address = new URL(part.dataset.live, location.href);
      address.searchParams.set('stamp', part.dataset.stamp);
      try {
        const answer = await fetch(address, { headers: { 'HX-Request': 'true' }, redirect: 'manual' });
        if (answer.status === 200) {
          show(await answer.text());
          lastNews = Date.now();
        }
        if (answer.type === 'opaqueredirect' || answer.status === 403 || answer.status === 404) return;
        failures = answer.ok ? 0 : failures + 1;
      } catch {
        failures += 1;
      }
      again();
    };
    const show = (html) => {
      const before = document.activeElement;
      const href = part.contains(before) ? before.getAttribute('href') : null;
      const doc = new DOMParser().parseFromString(html, 'text/html');
      const fresh = doc.body.firstElementChild;
      if (!fresh) return;
      part.dataset.stamp = fresh.dataset.stamp;
      part.replaceChildren(...doc.body.childNodes);
      if (href) part.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
      if (window.htmx) window.htmx.process(part);
      part.dispatchEvent(new CustomEvent('live', { bubbles: true }));
    };
    document.addEventListener('visibilitychange', () => { if (!document.hidden) lastNews = Date.now(); });
    again();
  };

  document.querySelectorAll('[data-live]').forEach(follow);
})();
