/* Toasts and calm words when an exchange fails. The server's own sentence is shown whenever it sent one. */
(function () {
  'use strict';
  const region = document.getElementById('toasts');
  const words = Object.assign({
    offline: 'No connection. The page keeps trying.', again: 'Connected again.', signin: 'You are signed out. Sign in again to go on.',
    forbidden: 'You may not do that.', failed: 'That did not work. Nothing was changed.', close: 'Close', copied: 'Link copied.',
  }, region ? JSON.parse(region.dataset.words || '{}') : {});
  const plain = (text) => { const line = String(text || '').trim(); return line && line.length < 400 && !line.startsWith('<') ? line : ''; };

  const toast = (text, tone, options) => {
    if (!region || !text) return null;
    const key = (options && options.key) || text;
    const same = Array.from(region.children).find((item) => item.dataset.key === key);
    if (same) return same;
    const item = document.createElement('div');
    item.className = 'toast-item' + (tone ? ' toast-' + tone : '');
    item.dataset.key = key;
    const line = document.createElement('p');
    line.textContent = text;
    item.append(line);
    if (options && options.href) {
      const link = document.createElement('a');
      link.href = options.href;
      link.textContent = options.label;
      item.append(link);
    }
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'toast-x';
    close.setAttribute('aria-label', words.close);
    close.textContent = '\u00d7';
    close.addEventListener('click', () => item.remove());
    item.append(close);
    region.append(item);
    if (!(options && options.stay)) window.setTimeout(() => { if (!item.matches(':hover, :focus-within')) item.remove(); }, tone === 'bad' ? 12000 : 6000);
    return item;
  };

  /* problem JSON, DRF's detail, plain text: whichever is there */
  const fromText = (text, status) => {
    try {
      const body = JSON.parse(text);
      const found = plain(body.detail || body.message || body.title || (body.error && body.error.message));
      if (found) return found;
    } catch (notJson) { /* plain text then */ }
    if (plain(text)) return plain(text);
    if (status === 401) return words.signin;
    return status === 403 ? words.forbidden : words.failed;
  };
  const sentenceOf = async (answer) => fromText(await answer.text(), answer.status);
  const signIn = () => toast(words.signin, 'warn', { key: 'signin', stay: true, href: (region && region.dataset.login) || '/', label: (region && region.dataset.loginLabel) || '' });
  let offline = null;
  const lost = () => { if (!offline || !offline.isConnected) offline = toast(words.offline, 'warn', { key: 'offline', stay: true }); };
  const found = () => { if (offline && offline.isConnected) { offline.remove(); toast(words.again); } offline = null; };

  Object.assign(window.Plumbline, { toast, sentenceOf, words });
  window.addEventListener('offline', lost);
  window.addEventListener('online', found);
  document.addEventListener('htmx:sendError', lost);
  document.addEventListener('htmx:timeout', lost);
  document.addEventListener('htmx:afterOnLoad', found);
  document.addEventListener('htmx:responseError', (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status === 401) { signIn(); return; }
    if (xhr.status === 403 && event.detail.requestConfig.verb === 'get') { toast(fromText(xhr.responseText, 403), 'warn', { key: 'forbidden' }); return; }
    toast(fromText(xhr.responseText, xhr.status), 'bad');
  });
  /* a poll that was answered by the sign-in page must not be swapped into a table */
  document.addEventListener('htmx:beforeSwap', (event) => {
    const login = region && region.dataset.login;
    const url = event.detail.xhr.responseURL || '';
    if (login && url && new URL(url).pathname === login && window.location.pathname !== login) { event.detail.shouldSwap = false; signIn(); }
  });
  /* HX-Trigger: {"toast": "Saved."} or {"toast": {"text": "…", "tone": "bad"}} */
  document.addEventListener('toast', (event) => {
    const detail = event.detail || {};
    const value = detail.value !== undefined ? detail.value : detail;
    if (typeof value === 'string') toast(value); else toast(value.text, value.tone);
  });
  if (region) Array.from(region.querySelectorAll('[data-message]')).forEach((note) => { const tone = note.dataset.message; const text = note.textContent.trim(); note.remove(); toast(text, tone); });
})();
