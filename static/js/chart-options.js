/* Chart options: data in, an ECharts option out. Every colour comes from the tokens, so one option serves both themes. */
(function () {
  'use strict';
  const DASH = { solid: 'solid', dashed: [6, 4], dotted: [2, 3] };
  const BOB = 'path://M0 0h8v2.2L4 8 0 2.2z';
  const MINUS = '\u2212';
  const say = (value, places) => {
    if (value === null || value === undefined) return '\u2013';
    const text = Math.abs(value).toLocaleString('en-GB', { minimumFractionDigits: places || 0, maximumFractionDigits: places || 0 });
    return (value < 0 && Number(text.replace(/,/g, '')) !== 0 ? MINUS : '') + text;
  };
  const placesFor = (values) => { const top = Math.max(0, ...values.filter((v) => v !== null).map(Math.abs)); return top < 10 ? 1 : 0; };
  const alpha = (hex, share) => 'rgba(' + [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)).join(',') + ',' + share + ')';

  const frame = (k, right) => ({
    animation: false, aria: { enabled: true }, textStyle: { fontFamily: k.font, fontSize: 11, color: k.ink2 },
    grid: { left: 12, right: right || 16, top: 14, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: k.surface, borderColor: k.line, borderWidth: 1, padding: [6, 8],
      textStyle: { color: k.ink, fontFamily: k.font, fontSize: 12 }, axisPointer: { type: 'line', lineStyle: { color: k.ink3, type: DASH.dotted } } },
  });
  /* show every n-th label so that the longest one still has room */
  const everyNth = (k, data) => {
    const room = Math.max(1, Math.floor((k.width - 70) / (Math.max(1, ...data.map((text) => String(text).length)) * 6 + 6)));
    return Math.max(0, Math.ceil(data.length / room) - 1);
  };
  const category = (k, data, every) => ({ type: 'category', data, boundaryGap: true, axisLine: { lineStyle: { color: k.line } }, axisTick: { show: false },
    axisLabel: { color: k.ink2, fontSize: 11, margin: 10, interval: every === undefined ? everyNth(k, data) : every, hideOverlap: true } });
  const values = (k, extra) => Object.assign({ type: 'value', splitNumber: 3, axisLabel: { color: k.ink2, fontSize: 11, margin: 8, formatter: (v) => say(v, Math.abs(v) < 10 && v % 1 ? 1 : 0) },
    splitLine: { lineStyle: { color: k.grid } }, axisLine: { show: false }, axisTick: { show: false } }, extra);
  const line = (name, data, color, type, extra) => Object.assign({ name, type: 'line', data, showSymbol: false, symbol: 'circle', connectNulls: false,
    lineStyle: { color, width: 2, type: DASH[type] }, itemStyle: { color }, emphasis: { disabled: true }, z: 4 }, extra);
  const endLabel = (k, data, at, text, position, offset) => data.map((value, i) => i === at && value !== null
    ? { value, symbol: 'circle', symbolSize: 7, label: { show: true, position, formatter: text, color: k.ink, fontSize: 11, fontWeight: 500, distance: 7, offset: [0, offset || 0], textBorderColor: k.surface, textBorderWidth: 3 } }
    : { value, symbol: 'none' });
  const lastIndex = (data) => { for (let i = data.length - 1; i >= 0; i -= 1) if (data[i] !== null && data[i] !== undefined) return i; return -1; };
  /* the plumb line marks the status date in every time chart */
  const plumb = (k, at) => ({ silent: true, symbol: ['none', BOB], symbolSize: [8, 8], symbolRotate: 0, label: { show: false },
    lineStyle: { color: k.ink, width: 1.25, type: 'solid' }, itemStyle: { color: k.ink }, data: [[{ xAxis: at, y: 14 }, { xAxis: at, yAxis: 0 }]] });
  const tip = (unit, places) => (items) => [items[0].axisValueLabel + (unit ? '  (' + unit + ')' : '')]
    .concat(items.filter((item) => item.value !== null && item.value !== undefined && item.value !== '-').map((item) => item.seriesName + '  ' + say(Number(item.value), places))).join('\n');

  const spend = (k, d) => {
    const now = d.now === undefined || d.now === null ? -1 : d.now;
    const places = placesFor([...d.actual, ...d.budget, ...(d.forecast || [])]);
    const axis = category(k, d.months);
    axis.axisLabel = Object.assign(axis.axisLabel, { formatter: (v, i) => i === now ? '{b|' + v + '}' : v, rich: { b: { fontWeight: 600, color: k.ink, fontSize: 11, fontFamily: k.font } } });
    return Object.assign(frame(k), { tooltip: Object.assign(frame(k).tooltip, { formatter: tip(d.unit, places) }), xAxis: axis, yAxis: values(k), series: [
      { name: d.words.actual, type: 'bar', stack: 'm', barWidth: '52%', data: d.actual, itemStyle: { color: k.c[0], borderRadius: [2, 2, 0, 0] }, emphasis: { disabled: true } },
      { name: d.words.forecast, type: 'bar', stack: 'm', data: d.forecast || [], itemStyle: { color: k.soft, borderColor: k.c[0], borderWidth: 1, borderRadius: [2, 2, 0, 0] }, emphasis: { disabled: true } },
      line(d.words.budget, d.budget, k.ink, 'solid', { step: 'middle', lineStyle: { color: k.ink, width: 1.5 } })] });
  };

  /* a range that shows the pack and keeps one wild project from flattening the rest: the 2nd and 98th percentile with room, never less than the zero lines */
  const range = (numbers, zero, step) => {
    const sorted = numbers.slice().sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
    const few = sorted.length <= 60;
    const low = Math.min(few ? sorted[0] : at(0.02), zero);
    const high = Math.max(few ? sorted[sorted.length - 1] : at(0.98), zero);
    const room = Math.max((high - low) * 0.08, step / 2);
    return [Math.floor((low - room) / step) * step, Math.ceil((high + room) / step) * step];
  };
  const stepFor = (numbers, choices) => { const width = Math.max(...numbers) - Math.min(...numbers); return choices.find((step) => width / step <= 7) || choices[choices.length - 1]; };
  /* name the worst points, each on the side where it covers least */
  const nameSides = (k, points, ranges, sizeOf) => {
    const [xMin, xMax, yMin, yMax] = ranges, width = Math.max(120, k.width - 60), height = Math.max(80, k.height - 60);
    const spots = points.map((p) => ({ p, x: (p.at[0] - xMin) / (xMax - xMin) * width, y: (yMax - p.at[1]) / (yMax - yMin) * height, r: sizeOf(p) / 2 }));
    const chosen = new Map();
    const over = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
    const named = spots.filter((s) => s.p.tone === 'bad').sort((a, b) => b.r - a.r).slice(0, 6);
    /* twice: the second time every name knows where the others went */
    [...named, ...named].forEach((spot) => {
      const w = spot.p.code.length * 6.4, h = 13;
      const boxes = { right: [spot.x + spot.r + 3, spot.y - h / 2], left: [spot.x - spot.r - 3 - w, spot.y - h / 2], top: [spot.x - w / 2, spot.y - spot.r - 3 - h], bottom: [spot.x - w / 2, spot.y + spot.r + 3] };
      let best = null;
      Object.entries(boxes).forEach(([side, [x, y]]) => {
        const box = [x, y, x + w, y + h];
        const outside = Math.max(0, -x) + Math.max(0, x + w - width) + Math.max(0, -y) + Math.max(0, y + h - height);
        const cost = outside * 40 + Array.from(chosen).reduce((sum, [code, other]) => sum + (code === spot.p.code ? 0 : over(box, other.box) * 3), 0)
          + spots.reduce((sum, s) => sum + (s === spot ? 0 : over(box, [s.x - s.r, s.y - s.r, s.x + s.r, s.y + s.r])), 0);
        if (!best || cost < best.cost - 0.5) best = { side, cost, box };
      });
      chosen.set(spot.p.code, best);
    });
    return new Map(Array.from(chosen, ([code, best]) => [code, best.side]));
  };
  const bubble = (k, d) => {
    const points = d.points.filter((p) => p.x !== null && p.y !== null);
    const xs = points.map((p) => p.x).concat(d.x_zero), ys = points.map((p) => p.y).concat(d.y_zero);
    const xStep = stepFor(xs, [5, 10, 20, 50, 100, 200]), yStep = stepFor(ys, [0.1, 0.2, 0.5, 1, 2]);
    const [xMin, xMax] = range(xs, d.x_zero, xStep), [yMin, yMax] = range(ys, d.y_zero, yStep);
    const clamp = (v, low, high) => Math.min(Math.max(v, low), high);
    const largest = Math.max(1, ...points.map((p) => p.size || 0));
    const symbols = { good: 'circle', warn: 'triangle', bad: 'diamond', none: 'circle' };
    const colours = { good: k.good, warn: k.warn, bad: k.bad, none: k.none };
    const sizeOf = (p) => 7 + 23 * Math.sqrt(Math.max(p.size || 0, 0) / largest);
    points.forEach((p) => { p.at = [clamp(p.x, xMin, xMax), clamp(p.y, yMin, yMax)]; });
    const sides = nameSides(k, points, [xMin, xMax, yMin, yMax], sizeOf);
    return Object.assign(frame(k, 18), {
      grid: { left: 12, right: 18, top: 28, bottom: 24, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: Object.assign(frame(k).tooltip, { trigger: 'item', formatter: (p) => p.data.name + '\n' + d.x_label + ' ' + say(p.data.at[0], 1) + ', ' + d.y_label + ' ' + say(p.data.at[1], 2) + '\n' + p.data.word + ', ' + say(p.data.size, 0) + ' ' + (d.unit || '') }),
      graphic: d.corners === false ? [] : [{ type: 'text', left: 46, bottom: 46, silent: true, style: { text: d.words.bad_corner, fill: k.ink3, font: '11px ' + k.font, stroke: k.surface, lineWidth: 3 } }, { type: 'text', right: 20, top: 32, silent: true, style: { text: d.words.good_corner, fill: k.ink3, font: '11px ' + k.font, stroke: k.surface, lineWidth: 3 } }],
      xAxis: values(k, { min: xMin, max: xMax, interval: xStep, name: d.x_label, nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: k.ink2, fontSize: 11 }, axisLine: { show: true, onZero: false, lineStyle: { color: k.line } }, splitLine: { show: false } }),
      yAxis: values(k, { min: yMin, max: yMax, interval: yStep, name: d.y_label, nameGap: 9, nameTextStyle: { color: k.ink2, fontSize: 11, align: 'left', padding: [0, 0, 0, -22] }, axisLine: { show: false, onZero: false }, axisLabel: { color: k.ink2, fontSize: 11, formatter: (v) => say(v, 1) } }),
      series: [{ type: 'scatter', cursor: 'pointer', emphasis: { disabled: true },
        markLine: { silent: true, symbol: 'none', lineStyle: { color: k.ink3, type: 'solid', width: 1 }, label: { show: false }, data: [{ xAxis: d.x_zero }, { yAxis: d.y_zero }] },
        data: points.slice().sort((a, b) => (b.size || 0) - (a.size || 0)).map((p) => ({
          name: p.code + ' ' + p.name, href: p.href, at: [p.x, p.y], size: p.size, word: d.words[p.tone], value: p.at,
          symbol: symbols[p.tone], symbolSize: sizeOf(p),
          itemStyle: { color: alpha(colours[p.tone], 0.28), borderColor: colours[p.tone], borderWidth: 1.5, borderType: p.tone === 'none' ? 'dashed' : 'solid' },
          label: { show: sides.has(p.code), position: sides.get(p.code) || 'right', distance: 3, formatter: p.code, color: k.ink, fontSize: 11, fontFamily: k.font, textBorderColor: k.surface, textBorderWidth: 3 } })) }] });
  };

  const scurve = (k, d) => {
    const at = d.status === undefined || d.status === null ? lastIndex(d.ev) : d.status;
    const places = placesFor([...d.pv, ...d.ac]);
    const endPv = lastIndex(d.pv), endEac = lastIndex(d.eac || []), endEv = lastIndex(d.ev), endAc = lastIndex(d.ac);
    const close = endEac >= 0 && endPv >= 0 && Math.abs(d.eac[endEac] - d.pv[endPv]) < 0.06 * Math.max(1, d.eac[endEac]);
    const eacUp = endEac < 0 || d.eac[endEac] >= d.pv[endPv];
    const acUp = endAc < 0 || endEv < 0 || d.ac[endAc] >= d.ev[endEv];
    const series = [
      line(d.words.pv, endLabel(k, d.pv, endPv, d.words.bac + ' ' + say(d.pv[endPv], places), 'right', close ? (eacUp ? 7 : -7) : 0), k.c[5], 'solid', { showSymbol: true, markLine: plumb(k, at) }),
      line(d.words.ac, endLabel(k, d.ac, endAc, d.words.ac + ' ' + say(d.ac[endAc], places), 'left', acUp ? -6 : 8), k.c[1], 'dashed', { showSymbol: true }),
      line(d.words.ev, endLabel(k, d.ev, endEv, d.words.ev + ' ' + say(d.ev[endEv], places), 'right', acUp ? 8 : -6), k.c[0], 'solid', { showSymbol: true, lineStyle: { color: k.c[0], width: 2.5 } })];
    if (endEac >= 0) series.splice(1, 0, line(d.words.eac, endLabel(k, d.eac, endEac, d.words.eac + ' ' + say(d.eac[endEac], places), 'right', close ? (eacUp ? -7 : 7) : 0), k.c[1], 'dotted', { showSymbol: true }));
    return Object.assign(frame(k, 84), { tooltip: Object.assign(frame(k).tooltip, { formatter: tip(d.unit, places) }), xAxis: category(k, d.months), yAxis: values(k), series });
  };

  const index = (k, d) => {
    const at = Math.max(lastIndex(d.cpi), lastIndex(d.spi));
    const all = [...d.cpi, ...d.spi].filter((v) => v !== null).concat(d.red, d.target);
    const low = Math.floor((Math.min(...all) - 0.04) * 10) / 10, high = Math.ceil((Math.max(...all) + 0.04) * 10) / 10;
    const step = high - low > 1.2 ? 0.5 : high - low > 0.6 ? 0.2 : 0.1;
    const cpiUp = (d.cpi[at] || 0) >= (d.spi[at] || 0);
    const labels = (data, name, up) => endLabel(k, data, lastIndex(data), name + ' ' + say(data[lastIndex(data)], 2), 'right', up ? -5 : 6);
    return Object.assign(frame(k, 70), { tooltip: Object.assign(frame(k).tooltip, { formatter: tip('', 2) }), xAxis: category(k, d.months), yAxis: values(k, { min: low, max: high, interval: step, axisLabel: { color: k.ink2, fontSize: 11, formatter: (v) => say(v, 2) } }), series: [
      line('CPI', labels(d.cpi, 'CPI', cpiUp), k.c[0], 'solid', { showSymbol: true, lineStyle: { color: k.c[0], width: 2.5 },
        markArea: { silent: true, itemStyle: { color: k.badSoft, opacity: 0.6 }, data: [[{ yAxis: low }, { yAxis: d.red }]] },
        markLine: { silent: true, symbol: 'none', label: { show: true, position: 'insideStartTop', formatter: d.words.red_under + ' ' + say(d.red, 2), color: k.ink2, fontSize: 11 }, lineStyle: { color: k.bad, width: 1, type: DASH.dotted },
          data: [{ yAxis: d.red }, { yAxis: d.target, lineStyle: { color: k.ink3, type: 'solid' }, label: { show: false } }] } }),
      line('SPI', labels(d.spi, 'SPI', !cpiUp), k.c[2], 'dotted', { showSymbol: true })] });
  };

  /* a percentage by day, on a scale that shows where it moves: compliance */
  const share = (k, d) => {
    const known = d.percent.filter((v) => v !== null);
    const low = Math.max(0, Math.floor((Math.min(100, ...known) - 5) / 10) * 10), at = lastIndex(d.percent);
    return Object.assign(frame(k, 70), { tooltip: Object.assign(frame(k).tooltip, { formatter: tip('%', 1) }), xAxis: category(k, d.days), yAxis: values(k, { min: low, max: 100 }), series: [
      line(d.head[1], endLabel(k, d.percent, at, say(d.percent[at], 1) + ' %', 'right'), k.c[0], 'solid', { showSymbol: true, lineStyle: { color: k.c[0], width: 2.5 }, areaStyle: { color: k.soft, opacity: 0.35, origin: 'start' }, markLine: plumb(k, at) })] });
  };

  /* the same data as a table: head cells, then rows */
  const tables = {
    spend: (d) => [[d.words.month, d.words.budget, d.words.actual, d.words.forecast], d.months.map((m, i) => [m, d.budget[i], d.actual[i], (d.forecast || [])[i]]), placesFor([...d.actual, ...d.budget])],
    bubble: (d) => [[d.words.project, d.x_label, d.y_label, d.words.size + (d.unit ? ' ' + d.unit : ''), d.words.health], d.points.map((p) => [{ text: p.code + ' ' + p.name, href: p.href }, [p.x, 1], [p.y, 2], [p.size, 0], { text: d.words[p.tone] }]), 0],
    scurve: (d) => [[d.words.month, d.words.pv, d.words.ev, d.words.ac, d.words.eac], d.months.map((m, i) => [m, d.pv[i], d.ev[i], d.ac[i], (d.eac || [])[i]]), placesFor([...d.pv, ...d.ac])],
    share: (d) => [d.head, d.days.map((m, i) => [m, [d.percent[i], 1], [d.applicable[i], 0], [d.breached[i], 0]]), 1],
    index: (d) => [[d.words.month, 'CPI', 'SPI'], d.months.map((m, i) => [m, [d.cpi[i], 2], [d.spi[i], 2]]), 2],
  };

  window.Plumbline.charts = { make: { spend, bubble, scurve, index, share }, tables, say };
})();
