/* The shell: navigation, menus, theme choice, side panel, dialogs, shortcuts. Works on links and forms that work without it. */
(function () {
  'use strict';
  const root = document.documentElement;
  const one = (selector, from) => (from || document).querySelector(selector);
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const modified = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button > 0;

  /* ---- theme ---- */
  const markTheme = () => all('[data-theme-choice]').forEach((button) => {
    button.setAttribute('aria-checked', String(button.dataset.themeChoice === root.dataset.themeIs));
  });

  /* ---- navigation ---- */
  const setRail = (on) => {
    autoRail = false;
    root.classList.toggle('nav-rail', on);
    window.Plumbline.keep('pl-rail', on ? '1' : '');
    markRail();
  };
  const markRail = () => {
    const button = one('[data-act="rail"]');
    if (!button) return;
    const on = root.classList.contains('nav-rail');
    button.setAttribute('aria-pressed', String(on));
    one('.lbl', button).textContent = on ? button.dataset.expand : button.dataset.collapse;
  };
  const setMenu = (open) => {
    const button = one('[data-act="menu"]');
    root.classList.toggle('nav-open', open);
    if (button) button.setAttribute('aria-expanded', String(open));
    if (open) { const first = one('.pl-nav a'); if (first) first.focus(); }
  };

  /* ---- menus: <details class="menu"> close on Escape, on a click outside and when another opens ---- */
  const closeMenus = (except) => all('details.menu[open]').forEach((menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener('toggle', (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.classList.contains('menu') || !menu.open) return;
    closeMenus(menu);
    const pop = one('.menu-pop', menu);
    if (!pop) return;
    if (pop.dataset.side === undefined) pop.dataset.side = pop.classList.contains('menu-left') ? 'left' : 'right';
    pop.classList.toggle('menu-left', pop.dataset.side === 'left');
    const edge = pop.getBoundingClientRect();
    if (edge.left < 4) pop.classList.add('menu-left');
    else if (edge.right > root.clientWidth - 4) pop.classList.remove('menu-left');
    const field = one('[autofocus], input:not([type="hidden"])', pop);
    if (field) field.focus();
  }, true);

  /* ---- side panel ---- */
  const panel = one('#panel');
  const panelBody = one('#panel-body');
  let opener = null;
  let asked = 0;
  let autoRail = false;
  const closePanel = () => {
    if (!panel || panel.hidden) return;
    panel.hidden = true;
    root.classList.remove('has-panel');
    if (autoRail) { root.classList.remove('nav-rail'); autoRail = false; markRail(); }
    all('[aria-expanded="true"][data-act="explain"]').forEach((link) => markOpener(link, false));
    if (opener && opener.isConnected) opener.focus();
    else { const main = one('#main'); if (main) main.focus({ preventScroll: true }); }
    opener = null;
  };
  const markOpener = (link, open) => {
    if (open) link.setAttribute('aria-expanded', 'true'); else link.removeAttribute('aria-expanded');
    const row = link.closest('tr, .inbox > li');
    if (row) row.classList.toggle('sel', open);
  };
  const openPanel = async (link) => {
    all('[aria-expanded="true"][data-act="explain"]').forEach((other) => markOpener(other, false));
    opener = link;
    markOpener(link, true);
    panel.hidden = false;
    root.classList.add('has-panel');
    if (window.innerWidth < 1600 && !root.classList.contains('nav-rail')) { root.classList.add('nav-rail'); autoRail = true; markRail(); }
    panelBody.setAttribute('aria-busy', 'true');
    const turn = ++asked;
    let html = '';
    try {
      const answer = await fetch(link.href, { headers: { 'HX-Request': 'true', 'HX-Target': 'panel-body' }, credentials: 'same-origin' });
      if (answer.redirected && !answer.url.startsWith(link.href.split('?')[0])) { window.location.assign(link.href); return; }
      if (!answer.ok) throw new Error(await window.Plumbline.sentenceOf(answer));
      html = await answer.text();
    } catch (failure) {
      if (turn !== asked) return;
      panelBody.removeAttribute('aria-busy');
      closePanel();
      window.Plumbline.toast(failure instanceof TypeError ? window.Plumbline.words.offline : failure.message, 'bad');
      return;
    }
    if (turn !== asked || panel.hidden) return;
    panelBody.innerHTML = html;
    panelBody.removeAttribute('aria-busy');
    panel.dataset.href = link.href;
    panel.scrollTop = 0;
    if (window.htmx) window.htmx.process(panelBody);
    document.dispatchEvent(new CustomEvent('pl:content', { detail: panelBody }));
    const close = one('[data-act="close-panel"]', panel);
    if (close) close.focus();
  };

  /* ---- dialogs ---- */
  const openPalette = () => {
    const palette = one('#palette');
    if (!palette || palette.open) return;
    palette.showModal();
    const input = one('input', palette);
    input.focus();
    input.select();
  };

  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const menu = target.closest('details.menu');
    closeMenus(menu);
    if (root.classList.contains('nav-open') && !target.closest('.pl-nav, [data-act="menu"]')) setMenu(false);

    const theme = target.closest('[data-theme-choice]');
    if (theme) { window.Plumbline.setTheme(theme.dataset.themeChoice); markTheme(); return; }
    const dialogOpener = target.closest('[data-dialog]');
    if (dialogOpener) { const dialog = document.getElementById(dialogOpener.dataset.dialog); if (dialog) { closeMenus(null); dialog.showModal(); } return; }
    if (target.closest('[data-dialog-close]')) { const dialog = target.closest('dialog'); if (dialog) dialog.close(); return; }
    if (target instanceof HTMLDialogElement && target.open && target.dataset.light !== undefined) { target.close(); return; }

    const acting = target.closest('[data-act]');
    if (!acting) return;
    const act = acting.dataset.act;
    if (act === 'rail') setRail(!root.classList.contains('nav-rail'));
    else if (act === 'menu') setMenu(!root.classList.contains('nav-open'));
    else if (act === 'palette') openPalette();
    else if (act === 'close-panel') closePanel();
    else if (act === 'print') window.print();
    else if (act === 'copy') copyLink(acting);
    else if (act === 'explain' && panel && acting.href && !modified(event)) {
      event.preventDefault();
      if (acting.getAttribute('aria-expanded') === 'true') closePanel(); else openPanel(acting);
    }
  });

  const copyLink = async (button) => {
    const address = button.dataset.copy || (panel && panel.contains(button) ? panel.dataset.href : '') || window.location.href;
    try { await navigator.clipboard.writeText(address); window.Plumbline.toast(button.dataset.done || window.Plumbline.words.copied); }
    catch (refused) { window.Plumbline.toast(address); }
  };

  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') { event.preventDefault(); openPalette(); return; }
    if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      const box = one('.tools input[type="search"]');
      if (box) { event.preventDefault(); box.focus(); box.select(); }
      return;
    }
    if (event.key !== 'Escape' || one('dialog[open]')) return;
    const menu = one('details.menu[open]');
    if (menu) { menu.open = false; one('summary', menu).focus(); }
    else if (root.classList.contains('nav-open')) { setMenu(false); one('[data-act="menu"]').focus(); }
    else closePanel();
  });

  /* arrow keys walk the palette's answers */
  const palette = one('#palette');
  if (palette) palette.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [one('input', palette), ...all('a', palette)];
    const at = stops.indexOf(document.activeElement);
    const next = stops[(at + (event.key === 'ArrowDown' ? 1 : -1) + stops.length) % stops.length];
    event.preventDefault();
    next.focus();
  });

  /* forms marked data-auto send themselves when a choice changes */
  document.addEventListener('change', (event) => {
    const form = event.target.closest && event.target.closest('form[data-auto]');
    if (form && event.target.type !== 'search') form.requestSubmit();
  });

  /* several ticks of one name become one value, so that the address stays short: columns=cpi,spi */
  document.addEventListener('formdata', (event) => {
    const name = event.target.dataset.join;
    if (!name) return;
    const joined = event.formData.getAll(name).join(',');
    event.formData.delete(name);
    if (joined) event.formData.set(name, joined);
  });

  document.addEventListener('pl:theme', markTheme);
  markTheme();
  markRail();
})();
