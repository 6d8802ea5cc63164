/* Imports: drop a file, see samples of the chosen column, reload when a run has come to its end. */
(() => {
  'use strict';

  document.querySelectorAll('form[data-drop]').forEach((form) => {
    const input = form.querySelector('input[type="file"]');
    const note = form.querySelector('[data-drop-note]');
    const say = (text, bad) => { note.textContent = text; note.classList.toggle('bad', Boolean(bad)); };
    const fits = () => {
      const file = input.files[0];
      if (!file) return false;
      if (file.size > Number(form.dataset.limit)) { say(form.dataset.tooLarge, true); input.value = ''; return false; }
      return true;
    };
    const busy = () => {
      say(`${form.dataset.sending} ${input.files[0].name} …`, false);
      form.querySelector('button[type="submit"]').disabled = true;
    };
    form.addEventListener('submit', (event) => { if (!fits()) { event.preventDefault(); return; } busy(); });
    input.addEventListener('change', () => { if (fits()) { form.requestSubmit(); } });
    ['dragenter', 'dragover'].forEach((kind) => form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add('over'); }));
    ['dragleave', 'drop'].forEach((kind) => form.addEventListener(kind, () => form.classList.remove('over')));
    form.addEventListener('drop', (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      if (fits()) form.requestSubmit();
    });
  });

  document.addEventListener('change', (event) => {
    const select = event.target;
    if (select.matches('[data-samples-for]')) {
      const shown = document.getElementById(select.dataset.samplesFor);
      if (shown) shown.textContent = select.selectedOptions[0]?.dataset.samples || '';
    }
    if (select.matches('[data-submit]')) select.form.requestSubmit();
    if (select.matches('[data-target]')) location.search = `?target=${encodeURIComponent(select.value)}`;
  });

  document.addEventListener('live', (event) => { if (event.target.querySelector('[data-finished]')) location.reload(); });
})();
