/* Runs before the first paint: theme, density and the collapsed navigation are put on <html> from what this browser remembers. */
(function () {
  'use strict';
  const root = document.documentElement;
  let store = null;
  try { store = window.localStorage; } catch (refused) { store = null; }
  const read = (name) => { try { return store && store.getItem(name); } catch (refused) { return null; } };
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const choice = () => { const kept = read('pl-theme'); return kept === 'light' || kept === 'dark' ? kept : 'system'; };
  const apply = () => {
    const wanted = choice();
    root.dataset.themeIs = wanted;
    root.setAttribute('data-bs-theme', wanted === 'system' ? (dark.matches ? 'dark' : 'light') : wanted);
  };
  apply();
  dark.addEventListener('change', () => { apply(); document.dispatchEvent(new CustomEvent('pl:theme')); });
  const density = read('pl-density');
  if (density === 'compact' || density === 'comfortable') root.dataset.density = density;
  if (read('pl-rail') === '1') root.classList.add('nav-rail');
  root.classList.add('js');

  window.Plumbline = {
    keep(name, value) { try { if (store) { if (value) store.setItem(name, value); else store.removeItem(name); } } catch (refused) { /* private mode: forget it */ } },
    setTheme(wanted) {
      this.keep('pl-theme', wanted === 'system' ? '' : wanted);
      apply();
      if (wanted !== 'system' && root.dataset.themeIs !== wanted) { root.dataset.themeIs = wanted; root.setAttribute('data-bs-theme', wanted); }
      document.dispatchEvent(new CustomEvent('pl:theme'));
    },
  };
})();
