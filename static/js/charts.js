/* Draws every [data-chart], redraws on theme change and resize, and offers the same data as a table. */
(function () {
  'use strict';
  const root = document.documentElement;
  const drawn = new Map();
  const TONES = { green: 'good', amber: 'warn', red: 'bad' };
  const DEFAULTS = { bubble: { x_zero: 0, y_zero: 1, x_label: 'VAC %', y_label: 'CPI' }, index: { red: 0.9, target: 1 } };

  const tokens = () => {
    const style = getComputedStyle(root);
    const value = (name) => style.getPropertyValue('--pl-' + name).trim();
    return { c: [1, 2, 3, 4, 5, 6].map((n) => value('c' + n)), soft: value('c1-soft'), ink: value('ink'), ink2: value('ink-2'), ink3: value('ink-3'), grid: value('grid'), line: value('line-strong'),
      surface: value('surface'), good: value('good-mark'), warn: value('warn-mark'), bad: value('bad-mark'), none: value('none-mark'), badSoft: value('bad-soft'), font: value('font') };
  };
  const dataOf = (box) => {
    const node = document.getElementById(box.dataset.source);
    if (!node) return null;
    const data = Object.assign({}, DEFAULTS[box.dataset.chart], JSON.parse(node.textContent));
    data.words = JSON.parse(box.dataset.words || '{}');
    if (box.dataset.unit && !data.unit) data.unit = box.dataset.unit;
    if (data.points) data.points = data.points.map((p) => Object.assign({}, p, { tone: TONES[p.health] || 'none' }));
    return data;
  };
  const draw = (box) => {
    const make = window.Plumbline.charts.make[box.dataset.chart];
    const data = dataOf(box);
    if (!window.echarts || !make || !data) return;
    watch.observe(box);
    if (box.hidden || !box.clientWidth) return;
    let chart = drawn.get(box);
    if (!chart) {
      chart = { ec: window.echarts.init(box, null, { renderer: 'svg' }) };
      chart.ec.on('click', (hit) => { if (hit.data && hit.data.href) window.location.assign(hit.data.href); });
      drawn.set(box, chart);
    }
    const k = tokens();
    k.width = box.clientWidth;
    k.height = box.clientHeight;
    chart.width = k.width;
    chart.ec.setOption(make(k, data), true);
  };
  const resize = (box) => {
    const chart = drawn.get(box);
    if (box.hidden || !box.clientWidth) return;
    if (!chart) { draw(box); return; }
    chart.ec.resize();
    if (Math.abs(chart.width - box.clientWidth) > 40) draw(box);
  };
  const watch = new ResizeObserver((entries) => window.requestAnimationFrame(() => entries.forEach((entry) => resize(entry.target))));
  const drawAll = (from) => Array.from((from instanceof Element ? from : document).querySelectorAll('[data-chart]')).forEach(draw);

  /* ---- the same data as a table ---- */
  const cell = (tag, content, places) => {
    const node = document.createElement(tag);
    const [value, own] = Array.isArray(content) ? content : [content, places];
    if (value && typeof value === 'object') {
      if (value.href) { const link = document.createElement('a'); link.href = value.href; link.textContent = value.text; node.append(link); } else node.textContent = value.text;
    } else if (typeof value === 'string') node.textContent = value;
    else { node.className = 'n'; node.textContent = window.Plumbline.charts.say(value, own); }
    return node;
  };
  const fill = (box, holder) => {
    const [head, rows, places] = window.Plumbline.charts.tables[box.dataset.chart](dataOf(box));
    const table = document.createElement('table');
    table.className = 'mini';
    table.setAttribute('aria-label', box.dataset.title || '');
    const top = table.createTHead().insertRow();
    head.forEach((text, i) => { const th = document.createElement('th'); th.scope = 'col'; th.textContent = text; if (i && !(rows[0] && rows[0][i] && rows[0][i].text)) th.className = 'n'; top.append(th); });
    const body = table.createTBody();
    rows.forEach((row) => { const line = body.insertRow(); row.forEach((content, i) => { const node = cell(i ? 'td' : 'th', content, places); if (!i) node.scope = 'row'; line.append(node); }); });
    holder.replaceChildren(table);
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest && event.target.closest('[data-act="chart-table"]');
    if (!button) return;
    const box = document.getElementById(button.getAttribute('aria-controls').replace(/-table$/, ''));
    const holder = document.getElementById(button.getAttribute('aria-controls'));
    const show = holder.hidden;
    if (show) fill(box, holder);
    holder.hidden = !show;
    box.hidden = show;
    button.setAttribute('aria-pressed', String(show));
    if (!show) { draw(box); resize(box); }
  });

  document.addEventListener('pl:theme', () => drawAll());
  document.addEventListener('pl:content', (event) => drawAll(event.detail));
  document.addEventListener('htmx:afterSettle', (event) => {
    drawn.forEach((chart, box) => { if (!box.isConnected) { chart.ec.dispose(); watch.unobserve(box); drawn.delete(box); } });
    drawAll(event.target);
  });
  drawAll();
})();
