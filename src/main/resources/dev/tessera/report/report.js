// Draws the page from the data in it. What comes from a run (names, paths, messages) is only ever put in as text.
'use strict';
(function () {
  const data = JSON.parse(document.getElementById('data').textContent);
  const runs = data.runs;
  const comparing = runs.length > 1;

  // What tells several runs apart: their names, else their folders.
  const labels = [run => run.name, run => run.path.replace(/\/+$/, '').split('/').pop(), run => run.path]
    .map(labelling => runs.map(labelling)).find((all, i) => i === 2 || new Set(all).size === all.length);
  runs.forEach((run, i) => { run.label = labels[i]; });

  const page = document.getElementById('page');
  const charts = [];    // of the whole page, to draw again in other colours
  const canvases = [];  // functions that draw a canvas of the chosen run
  let chosen = { run: 0, layer: '', figure: 'norm', logarithmic: false };

  // --- Elements

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === 'on') for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
      else if (name === 'color') made.style.backgroundColor = value;
      else if (value !== null && value !== false) made.setAttribute(name, value);
    }
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined) made.append(child);
    }
    return made;
  }

  // Of unknown direction: isolated, so that it can't turn what stands around it.
  function name(text) { return element('bdi', null, text); }

  function card(size, title, ...children) {
    return element('div', { class: 'card ' + size }, title ? element('h3', null, title) : null, ...children);
  }

  // A variable of the style, or a hue, as bright as the other colours are.
  function color(variable) {
    if (variable.startsWith('hue ')) return 'hsl(' + variable.slice(4) + ', 55%, ' + color('--lightness') + ')';
    return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
  }

  function curveColor(index) { return '--c' + (index % 8 + 1); }

  // Of many curves that have an order: from blue to red, so that neighbours look alike.
  function depthColor(index, count) { return count <= 8 ? curveColor(index) : 'hue ' + Math.round(225 - 225 * index / (count - 1)); }

  // --- Numbers

  const whole = new Intl.NumberFormat('en-US');

  function number(value) {
    if (value === null || value === undefined) return '–';
    const size = Math.abs(value);
    if (Number.isInteger(value)) return whole.format(value);
    if (size >= 1000) return whole.format(Math.round(value));
    if (size >= 100) return value.toFixed(0);
    if (size >= 10) return value.toFixed(1);
    if (size >= 0.001) return value.toFixed(size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
    return value.toExponential(1);
  }

  // What stands at an axis: as many decimals as tell its ticks apart.
  function tick(value, step) {
    if (Math.abs(value) >= 1000) return whole.format(value);
    let decimals = 0;
    while (decimals < 6 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) decimals++;
    return decimals > 5 ? value.toExponential(1) : value.toFixed(decimals);
  }

  function percentTick(value, step) { return tick(100 * value, 100 * step) + '\u00a0%'; }

  // A colour of the page, paler: opaque, so that areas may lie on each other.
  function pale(variable) {
    const mixed = [color(variable), color('--card')].map(hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)));
    return 'rgb(' + mixed[0].map((part, i) => Math.round(0.4 * part + 0.6 * mixed[1][i])).join(',') + ')';
  }

  function percent(value, digits) {
    if (value === null || value === undefined) return '–';
    return (100 * value).toFixed(digits === undefined ? 1 : digits) + '\u00a0%';
  }

  function last(values) {
    for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null) return values[i];
    return null;
  }

  function grouped(group) {
    return group > 1 ? 'Each point is the mean of ' + group + ' rounds.' : null;
  }

  // --- Curves

  function axis(options) {
    return Object.assign({
      stroke: () => color('--soft'),
      grid: { stroke: () => color('--line'), width: 1 },
      ticks: { stroke: () => color('--line'), width: 1, size: 4 },
      font: '11px system-ui, "DejaVu Sans", sans-serif',
      labelFont: '11px system-ui, "DejaVu Sans", sans-serif',
      labelSize: 16, labelGap: 2, gap: 4, size: 46
    }, options);
  }

  // curves: {label, color, values, scale, dots, fill, show, text}; scales: name -> {label, side, format, range, logarithmic}
  function chart(height, x, curves, scales, options) {
    const holder = element('div', { class: 'chart' });
    const names = Object.keys(scales);
    const uScales = { x: { time: false, range: (u, min, max) => min === max ? [min - 1, max + 1] : [min, max] } };
    const axes = [axis({ label: 'round', size: 26, space: 60, values: (u, ticks) => ticks.map(t => Number.isInteger(t) ? whole.format(t) : '') })];
    names.forEach((key, index) => {
      const scale = scales[key];
      uScales[key] = scale.range ? { range: scale.range } : scale.logarithmic ? { distr: 3 } : {
        range: (u, min, max) => min === null ? [0, 1] : min === max ? [min - Math.abs(min || 1) / 2, max + Math.abs(max || 1) / 2] : uPlot.rangeNum(min, max, 0.08, true)
      };
      axes.push(axis({
        scale: key, side: index === 0 ? 3 : 1, label: scale.label, size: scale.size || 46,
        grid: { show: index === 0, stroke: () => color('--line'), width: 1 },
        values: (u, ticks, index, space, step) => ticks.map(t => t === null ? '' : scale.logarithmic ? (scale.format || number)(t) : (scale.tick || tick)(t, step))
      }));
    });
    const series = [{ label: 'round', value: (u, v) => v === null ? '' : whole.format(Math.round(v)) }];
    for (const curve of curves) {
      series.push({
        label: curve.label, scale: curve.scale || names[0], width: curve.dots ? 1.5 : 1.6, spanGaps: Boolean(curve.dots), show: curve.show !== false,
        stroke: () => color(curve.color), fill: curve.fill ? () => pale(curve.color) : undefined,
        dash: curve.dash, points: { show: Boolean(curve.dots), size: 5, fill: () => color(curve.color) },
        value: (u, v) => v === null || v === undefined ? '' : (curve.text || scales[curve.scale || names[0]].format || number)(v)
      });
    }
    const settings = Object.assign({
      width: 300, height: height, scales: uScales, axes: axes, series: series, legend: { live: true, markers: { width: 0, fill: (u, i) => i === 0 ? 'transparent' : color(curves[i - 1].color) } },
      cursor: { points: { size: 6 }, drag: { x: true, y: false } }, padding: [10, names.length > 1 ? 0 : 20, 0, 0]
    }, options || {});
    let plot = null;
    const entry = { holder: holder, redraw: () => { if (plot) { plot.redraw(false, true); markers(plot, curves); } } };
    const fit = () => {
      const width = Math.floor(holder.clientWidth);
      if (width < 40) return;
      if (plot === null) {
        plot = new uPlot(Object.assign(settings, { width: width }), [x].concat(curves.map(c => c.values)), holder);
      } else if (plot.width !== width) {
        plot.setSize({ width: width, height: height });
      }
    };
    // In a frame of its own: a chart that changes its size while sizes are told would be told again.
    const observer = new ResizeObserver(() => requestAnimationFrame(fit));
    observer.observe(holder);
    entry.close = () => { observer.disconnect(); if (plot) plot.destroy(); };
    charts.push(entry);
    return holder;
  }

  function markers(plot, curves) {
    plot.root.querySelectorAll('.u-legend .u-series').forEach((row, index) => {
      const marker = row.querySelector('.u-marker');
      if (marker && index > 0) marker.style.background = color(curves[index - 1].color);
    });
  }

  // Values of a few rounds, at their places among the rounds of the other curves.
  function placed(x, at, values) {
    const result = x.map(() => null);
    let from = 0;
    at.forEach((round, index) => {
      let best = from;
      for (let i = from; i < x.length && x[i] !== null; i++) {
        if (Math.abs(x[i] - round) <= Math.abs(x[best] - round)) best = i; else if (x[i] > round) break;
      }
      result[best] = values[index];
      from = best;
    });
    return result;
  }

  // Curves of several runs on the rounds of all of them.
  function joined(perRun) {
    const all = Array.from(new Set(perRun.flatMap(run => run.x))).sort((a, b) => a - b);
    const index = new Map(all.map((round, place) => [round, place]));
    return [all, perRun.map(run => {
      const values = all.map(() => undefined);
      run.x.forEach((round, place) => { values[index.get(round)] = run.values[place]; });
      return values;
    })];
  }

  // Of shares that can't leave 0 to 1.
  function partRange(u, min, max) {
    if (min === null) return [0, 1];
    const room = Math.max(0.02, (max - min) * 0.08);
    return [Math.max(0, min - room), Math.min(1, max + room)];
  }

  const share = { tick: percentTick, format: v => (100 * v).toFixed(v !== 0 && Math.abs(v) < 0.01 ? 2 : v < 0.1 && v !== 0 ? 1 : 0) + '\u00a0%' };

  // --- First screen

  function learningChart(run, height) {
    const r = run.rounds;
    const curves = [{ label: 'training loss', color: '--c1', values: r.loss }];
    const scales = { loss: { label: 'loss (nats)' } };
    if (run.validation.round.length > 0) {
      curves.push({ label: 'validation loss', color: '--c7', values: placed(r.round, run.validation.round, run.validation.loss), dots: true });
      curves.push({ label: 'validation accuracy', color: '--c2', scale: 'accuracy', values: placed(r.round, run.validation.round, run.validation.accuracy), dots: true, text: v => percent(v) });
      scales.accuracy = { label: 'accuracy', range: partRange, tick: percentTick, format: v => percent(v), size: 50 };
    }
    return chart(height, r.round, curves, scales);
  }

  const phases = [['fit', 'steps', '--c1'], ['aggregate', 'bringing together', '--c2'], ['broadcast', 'sending', '--c3'], ['driver', 'driver', '--c4']];

  // Stacked: each curve is the sum of its phase and those below, drawn from the top.
  function phasesChart(run, height) {
    const r = run.rounds;
    const sums = phases.map((phase, index) => r.round.map((x, i) => phases.slice(0, index + 1).reduce((sum, p) => sum + (r[p[0]][i] || 0), 0)));
    const curves = phases.map((phase, index) => ({
      label: phase[1], color: phase[2], fill: true, values: sums[index],
      text: v => v
    })).reverse();
    curves.forEach((curve, index) => {
      const values = r[phases[phases.length - 1 - index][0]];
      const sum = curve.values;
      curve.text = v => { const at = sum.indexOf(v); return at < 0 ? '–' : number(values[at]) + ' s'; };
    });
    const sorted = sums[sums.length - 1].slice(run.rounds.round.length > 2 ? 1 : 0).sort((a, b) => a - b);
    const usual = sorted[Math.floor(0.98 * (sorted.length - 1))] || 1;
    return chart(height, r.round, curves, { seconds: { label: 'seconds a round', range: () => [0, usual * 1.15] } });
  }

  function divergenceChart(run, height) {
    const x = run.rounds.round;
    return chart(height, x, [{ label: 'median over the layers', color: '--c1', values: run.divergence.median, fill: true }],
      { share: { label: 'distance from the mean', tick: percentTick, format: share.format, size: 52, range: (u, min, max) => [0, max > 0 ? max * 1.1 : 1] } });
  }

  function unbroken(text) { return text.replace(/ %/g, '\u00a0%'); }

  function verdictCard(index, drawing) {
    if (!comparing) {
      const verdict = runs[0].verdicts[index];
      return element('section', { class: 'card third verdict ' + verdict.tone },
        element('div', { class: 'question' }, verdict.question), element('div', { class: 'answer' }, name(unbroken(verdict.answer))),
        element('p', { class: 'detail' }, name(unbroken(verdict.detail))), drawing);
    }
    return element('section', { class: 'card third verdict' }, element('div', { class: 'question' }, runs[0].verdicts[index].question),
      element('ul', null, runs.map((run, i) => element('li', { title: run.verdicts[index].detail },
        element('span', { class: 'dot', color: 'var(' + curveColor(i) + ')' }), element('span', null, name(run.label), ': ', name(run.verdicts[index].answer))))), drawing);
  }

  function comparisonChart(height, values, scale) {
    const [x, all] = joined(runs.map(values));
    return chart(height, x, runs.map((run, i) => ({ label: run.label, color: curveColor(i), values: all[i] })), { value: scale });
  }

  function overview() {
    if (comparing) {
      return element('div', { class: 'grid', id: 'overview' },
        verdictCard(0, comparisonChart(300, run => ({ x: run.rounds.round, values: run.rounds.loss }), { label: 'training loss (nats)' })),
        verdictCard(1, comparisonChart(300, run => ({ x: run.rounds.round, values: run.rounds.imagesPerSecond }), { label: 'images/s', size: 56 })),
        verdictCard(2, comparisonChart(300, run => ({ x: run.rounds.round, values: run.divergence.median }), Object.assign({ label: 'distance from the mean', size: 52 }, share))));
    }
    return element('div', { class: 'grid', id: 'overview' },
      verdictCard(0, learningChart(runs[0], 300)), verdictCard(1, phasesChart(runs[0], 300)),
      runs[0].workers > 1 ? verdictCard(2, divergenceChart(runs[0], 300)) : verdictCard(2, null));
  }

  // --- Several runs

  function comparison() {
    const rows = runs.map((run, i) => element('tr', null,
      element('td', null, element('span', { class: 'dot', color: 'var(' + curveColor(i) + ')' }), ' ', name(run.label)),
      element('td', { class: 'number' }, run.evaluation ? percent(run.evaluation.accuracy, 2) : percent(last(run.validation.accuracy), 2)),
      element('td', { class: 'number' }, run.evaluation ? number(run.evaluation.loss) : number(last(run.validation.loss))),
      element('td', { class: 'number' }, number(last(run.rounds.loss))),
      element('td', { class: 'number' }, whole.format(run.workers)),
      element('td', { class: 'number' }, number(last(run.rounds.averagingFrequency))),
      element('td', { class: 'number' }, percent(last(run.divergence.median), 2)),
      element('td', null, name(run.state)), element('td', { class: 'soft' }, name(run.path))));
    const heads = ['run', 'accuracy', 'loss', 'training loss', 'workers', 'averaging frequency', 'divergence'];
    const [x, all] = joined(runs.map(run => ({ x: run.validation.round, values: run.validation.accuracy })));
    return [
      element('h2', { id: 'comparison' }, 'Side by side'),
      element('div', { class: 'grid' },
        card('', null, element('div', { class: 'scroll' }, element('table', { class: 'list' },
          element('thead', null, element('tr', null, heads.map((head, i) => element('th', { class: i > 0 ? 'number' : null }, head)), element('th', null, 'state'), element('th', null, 'folder'))),
          element('tbody', null, rows)))),
        x.length === 0 ? null : card('half', 'Accuracy on the validation set', chart(260, x, runs.map((run, i) => ({ label: run.label, color: curveColor(i), values: all[i], dots: true })), { accuracy: { label: 'accuracy', range: partRange, tick: percentTick, format: v => percent(v), size: 50 } })),
        card(x.length === 0 ? '' : 'half', 'What the jobs have different', differences()))];
  }

  function differences() {
    const lines = runs.map(run => new Set(run.job.split('\n').map(line => line.trim()).filter(line => line && !/^(name|dir) ?=/.test(line))));
    const rows = runs.map((run, i) => [run, Array.from(lines[i]).filter(line => lines.some(other => !other.has(line)))]);
    if (rows.every(row => row[1].length === 0)) return element('p', { class: 'soft' }, 'Nothing but their names and folders.');
    return element('div', { class: 'scroll tall' }, rows.map(([run, own]) => [element('h3', null, name(run.label)), element('pre', null, own.length ? own.join('\n') : '–'), element('p', { class: 'note' }, '')]));
  }

  // --- The chosen run

  function schedule(run) {
    const r = run.rounds;
    const held = run.evaluation;
    const facts = [];
    if (held) {
      facts.push(['Set', held.set + ', ' + whole.format(held.examples) + ' images'], ['Accuracy', percent(held.accuracy, 2)], ['Top-5', percent(held.top5, 2)], ['Loss', number(held.loss) + ' nats']);
      if (held.rocAuc !== undefined) facts.push(['ROC AUC', number(held.rocAuc)]);
    }
    return [element('h2', { id: 'course' }, 'Course'), element('div', { class: 'grid' },
      comparing ? card('half', 'Loss and accuracy', learningChart(run, 240)) : card('half', 'Images a second', chart(220, r.round, [{ label: 'images/s', color: '--c1', values: r.imagesPerSecond }], { rate: { label: 'images/s', size: 56, range: (u, min, max) => [0, (max || 1) * 1.08] } }), note(grouped(r.group))),
      card('half', 'Learning rate and averaging frequency', chart(comparing ? 240 : 220, r.round, [
        { label: 'learning rate', color: '--c1', values: r.learningRate },
        { label: 'steps a round', color: '--c2', scale: 'steps', values: r.averagingFrequency, dash: [6, 4], text: v => number(v) }],
        { rate: { label: 'learning rate', size: 58, range: (u, min, max) => [0, (max || 1) * 1.2] }, steps: { label: 'steps a round', range: (u, min, max) => [0, (max || 1) * 1.5] } })),
      facts.length ? card('half', 'At the end', factList(facts)) : null,
      card(facts.length ? 'half' : '', 'The run', factList(run.facts)),
      comparing ? card('half', 'Phases of a round', phasesChart(run, 240)) : null,
      run.events.length ? card('', 'What went wrong on the way', events(run)) : null)];
  }

  function note(text) { return text ? element('p', { class: 'note' }, text) : null; }

  function factList(facts) {
    return element('dl', { class: 'facts' }, facts.map(([key, value]) => [element('dt', null, key), element('dd', null, name(value))]));
  }

  function events(run) {
    return element('div', { class: 'scroll tall' }, element('table', { class: 'list' }, element('tbody', null,
      run.events.map(event => element('tr', null, element('td', { class: 'number' }, 'round ' + whole.format(event.round)), element('td', null, name(event.text)))))),
      run.moreEvents > 0 ? note('and ' + whole.format(run.moreEvents) + ' more, in rounds.jsonl') : null);
  }

  const figures = [['norm', 'Norm'], ['updateRatio', 'Update ratio'], ['divergence', 'Divergence']];
  const explained = {
    norm: 'Length of the parameter vector after the average.',
    updateRatio: 'Length of a round’s change over the length before it. Some thousandths to some hundredths are usual.',
    divergence: 'How far the workers’ replicas were from their mean before the average, over the length of the mean.'
  };

  function mainBlock(layer) { return layer.blocks.find(block => block.name === 'weights') || layer.blocks[0]; }

  function layers(run) {
    if (run.layers.length === 0) return [];
    const holder = element('div', null);
    const explanation = element('p', { class: 'note' });
    const buttons = figures.map(([key, label]) => element('button', { type: 'button', 'data-figure': key, on: { click: () => { chosen.figure = key; draw(); } } }, label));
    const scales = [['false', 'Linear'], ['true', 'Logarithmic']].map(([key, label]) => element('button', { type: 'button', 'data-logarithmic': key, on: { click: () => { chosen.logarithmic = key === 'true'; draw(); } } }, label));
    const picker = element('select', { id: 'layer', on: { change: () => { chosen.layer = picker.value; draw(); } } },
      element('option', { value: '' }, 'all, their weights'), run.layers.map((layer, i) => element('option', { value: String(i) }, layer.name)));
    const rows = run.layers.map((layer, i) => {
      const block = mainBlock(layer);
      const pick = () => { chosen.layer = chosen.layer === String(i) ? '' : String(i); draw(); };
      return element('tr', { class: 'pick', tabindex: '0', on: { click: pick, keydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); pick(); } } } },
        element('td', null, name(layer.name), element('span', { class: 'shape' }, block.name + ', ' + block.shape.join(' × '))),
        figures.map(([key]) => element('td', { class: 'number' }, key === 'norm' ? number(last(block[key])) : percent(last(block[key]), 2))));
    });
    const histograms = element('div', { class: 'histograms' });
    const histogramNote = element('p', { class: 'note' });
    let drawn = null;
    function draw() {
      if (drawn) { drawn.close(); charts.splice(charts.indexOf(drawn), 1); }
      const format = chosen.figure === 'norm' ? number : share.format;
      const layer = chosen.layer === '' ? null : run.layers[Number(chosen.layer)];
      const positive = values => chosen.logarithmic ? values.map(v => v > 0 ? v : null) : values;
      const curves = layer
        ? layer.blocks.map((block, i) => ({ label: block.name, color: curveColor(i), values: positive(block[chosen.figure]) }))
        : run.layers.map((one, i) => ({ label: one.name, color: depthColor(i, run.layers.length), values: positive(mainBlock(one)[chosen.figure]) }));
      const some = curves.some(curve => curve.values.some(v => v !== null));
      holder.replaceChildren(some ? chart(300, run.layerRounds, curves, { value: { label: figures.find(f => f[0] === chosen.figure)[1].toLowerCase(), tick: chosen.figure === 'norm' ? tick : percentTick, format: format, size: 60, logarithmic: chosen.logarithmic } },
        { legend: { show: curves.length <= 16, live: true, markers: { width: 0, fill: (u, i) => i === 0 ? 'transparent' : color(curves[i - 1].color) } }, focus: { alpha: 0.25 }, cursor: { focus: { prox: 12 }, points: { size: 6 } } })
        : element('p', { class: 'soft' }, 'No value above 0 to draw on a logarithmic scale.'));
      drawn = some ? charts[charts.length - 1] : null;
      explanation.textContent = [explained[chosen.figure], grouped(run.layerGroup)].filter(Boolean).join(' ');
      buttons.forEach(button => button.setAttribute('aria-pressed', String(button.dataset.figure === chosen.figure)));
      scales.forEach(button => button.setAttribute('aria-pressed', String(button.dataset.logarithmic === String(chosen.logarithmic))));
      picker.value = chosen.layer;
      rows.forEach((row, i) => row.setAttribute('aria-selected', String(String(i) === chosen.layer)));
      drawHistograms(run, layer, histograms, histogramNote);
    }
    draw();
    return [element('h2', { id: 'layers' }, 'Layers'), element('div', { class: 'grid' },
      card('seven', null, element('div', { class: 'controls' }, element('label', null, 'Layer', picker), element('span', { class: 'switch' }, buttons), element('span', { class: 'switch' }, scales)), holder, explanation),
      card('five', 'After the last round', element('div', { class: 'scroll tall' }, element('table', { class: 'list' },
        element('thead', null, element('tr', null, element('th', null, 'layer'), figures.map(f => element('th', { class: 'number' }, f[1].toLowerCase())))), element('tbody', null, rows)))),
      run.histogramRounds.length ? card('', 'Where the values lie, round by round', histograms, histogramNote) : null)];
  }

  const HISTOGRAMS_AT_ONCE = 12;

  function drawHistograms(run, layer, holder, text) {
    canvases.length = 0;
    const blocks = layer ? layer.blocks.map(block => [layer, block]) : run.layers.slice(0, HISTOGRAMS_AT_ONCE).map(one => [one, mainBlock(one)]);
    holder.replaceChildren(...blocks.map(([one, block]) => {
      const canvas = element('canvas', { role: 'img', 'aria-label': 'histograms of ' + one.name + ' ' + block.name });
      canvases.push(() => heatmap(canvas, run.histogramRounds, block));
      return element('figure', null, element('figcaption', null, element('b', null, name(one.name)), ' ' + block.name + ', ' + block.shape.join(' × ')), canvas);
    }));
    text.textContent = (layer || run.layers.length <= HISTOGRAMS_AT_ONCE ? '' : 'The weights of the first ' + HISTOGRAMS_AT_ONCE + ' layers; choose a layer above to see it. ') +
      'A column is a round: the stronger the colour the more values, from the smallest to the largest.';
    requestAnimationFrame(() => canvases.forEach(drawing => drawing()));
  }

  function heatmap(canvas, rounds, block) {
    const scale = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (width === 0) return;
    canvas.width = width * scale; canvas.height = height * scale;
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    const left = 46, bottom = 18, top = 4;
    const lowest = Math.min(...block.min.filter(v => v !== null)), highest = Math.max(...block.max.filter(v => v !== null));
    const span = highest - lowest || Math.abs(highest) || 1;
    const low = lowest - span * 0.02, high = lowest + span * 1.02;
    const y = value => top + (height - top - bottom) * (1 - (value - low) / (high - low));
    const heat = color('--heat');
    const column = (width - left - 4) / block.counts.length;
    block.counts.forEach((text, index) => {
      const bins = Uint8Array.from(atob(text), c => c.charCodeAt(0));
      const min = block.min[index], max = block.max[index];
      const x = left + index * column;
      if (max - min < span * 1e-4) {
        context.fillStyle = 'rgb(' + heat + ')';
        context.fillRect(x, y(min) - 1, column + 0.5, 2);
        return;
      }
      const step = (max - min) / bins.length;
      for (let bin = 0; bin < bins.length; bin++) {
        if (bins[bin] === 0) continue;
        context.fillStyle = 'rgba(' + heat + ',' + (0.08 + 0.92 * Math.sqrt(bins[bin] / 255)).toFixed(3) + ')';
        const above = y(min + (bin + 1) * step);
        context.fillRect(x, above, column + 0.5, Math.max(0.7, y(min + bin * step) - above) + 0.3);
      }
    });
    context.font = '11px system-ui, "DejaVu Sans", sans-serif';
    context.fillStyle = color('--soft');
    context.strokeStyle = color('--line');
    context.textBaseline = 'middle'; context.textAlign = 'right';
    const ticks = [low + (high - low) * 0.04, (low + high) / 2, high - (high - low) * 0.04];
    if (lowest < 0 && highest > 0) ticks[1] = 0;
    for (const tick of ticks) {
      context.fillText(number(tick), left - 6, Math.min(height - bottom - 5, Math.max(7, y(tick))));
    }
    if (lowest < 0 && highest > 0) {
      context.beginPath(); context.setLineDash([2, 3]); context.moveTo(left, y(0)); context.lineTo(width - 4, y(0)); context.stroke(); context.setLineDash([]);
    }
    context.textBaseline = 'alphabetic'; context.textAlign = 'left';
    context.fillText('round ' + whole.format(rounds[0]), left, height - 4);
    context.textAlign = 'right';
    context.fillText(whole.format(rounds[rounds.length - 1]), width - 4, height - 4);
  }

  function source(base64) { return 'data:image/png;base64,' + String(base64).replace(/[^A-Za-z0-9+/=]/g, ''); }

  function picture(base64, text) { return element('img', { src: source(base64), alt: text, loading: 'lazy' }); }

  function kernels(run) {
    const made = run.pictures && run.pictures.kernels;
    if (!made) return null;
    return card('', 'What the first convolution looks for', element('div', { class: 'kernels' }, made.png.map((png, i) => picture(png, 'kernel ' + (i + 1)))),
      note([name(made.layer), ': ' + made.png.length + ' of ' + made.outputs + ' kernels of ' + made.height + ' × ' + made.width + '. ' +
        (made.inputs === 3 ? 'Red, green and blue are the weights of the three channels. ' : '') + 'Grey is 0, black is −' + number(made.largest) + ', white is ' + number(made.largest) + '.']));
  }

  // The end of a path tells more than its beginning.
  function end(path) { return path.length > 26 ? '…' + path.slice(-25) : path; }

  function className(run, index) { return name(run.classNames[index] === undefined ? 'class ' + index : run.classNames[index]); }

  function mistakes(run) {
    const made = run.pictures && run.pictures.mistakes;
    if (!made || made.length === 0) return null;
    return card('', 'Mistakes it was most certain of', element('div', { class: 'pictures' }, made.map(mistake => element('figure', null,
      picture(mistake.png, 'an image taken for another class'),
      element('figcaption', null, 'taken for ', element('b', null, className(run, mistake.predicted)), ', ' + percent(mistake.probability, mistake.probability > 0.995 ? 2 : 0), element('br'),
        'is ', element('b', null, className(run, mistake.label)), element('span', { class: 'origin', title: mistake.origin }, name(end(mistake.origin))))))),
      note('Of the ' + (run.evaluation ? run.evaluation.set : 'held-out') + ' set. Some may be labelled wrongly.'));
  }

  // Shown images: which one is looked at, what the network said of it, and what every layer made of it.
  function activations(run) {
    const made = run.pictures && run.pictures.activations;
    if (!made || made.images.length === 0) return null;
    const said = element('div', { class: 'said' });
    const layers = element('div', null);
    const choices = made.images.map((image, i) => element('button', { type: 'button', 'data-image': String(i), on: { click: () => draw(i) } },
      picture(image.png, 'image ' + (i + 1)), className(run, image.label)));
    function draw(index) {
      const image = made.images[index];
      choices.forEach((button, i) => button.setAttribute('aria-pressed', String(i === index)));
      said.replaceChildren(...saidOf(run, image));
      layers.replaceChildren(...made.layers.flatMap((layer, i) => image.layers[i] ? layerMaps(layer, image.layers[i]) : []));
    }
    draw(0);
    const all = made.layers.length >= SHOWN_LAYERS ? ' Of deeper networks ' + SHOWN_LAYERS + ' layers are shown, from the first to the last.' : '';
    return card('', null, element('div', { class: 'choices' }, choices), said, layers,
      note('Images of the ' + (run.evaluation ? run.evaluation.set : 'held-out') + ' set, of different classes where there are. In each layer black is the least and white the largest value that is shown; channels of more than 32 pixels are shrunk.' + all));
  }

  const SHOWN_LAYERS = 24;

  function saidOf(run, image) {
    const first = image.probabilities[0];
    const right = first && first.class === image.label;
    return [picture(image.png, 'the chosen image'), element('div', null,
      element('p', null, 'is ', element('b', null, className(run, image.label)), first && !right ? [', taken for ', element('b', { class: 'wrong' }, className(run, first.class))] : null),
      element('p', { class: 'origin', title: image.origin }, name(end(image.origin))),
      element('ul', { class: 'probabilities' }, image.probabilities.map(one => {
        const bar = element('i', { class: one.class === image.label ? 'own' : null });
        bar.style.width = Math.max(0, Math.min(1, one.probability || 0)) * 100 + '%';
        return element('li', null, element('span', null, className(run, one.class)), element('span', { class: 'bar' }, bar), element('span', { class: 'number' }, percent(one.probability)));
      })))];
  }

  // A layer's maps lie in one picture, one below the other; a vector's values are one row of pixels.
  function layerMaps(layer, made) {
    const vector = layer.shape.length === 1;
    const count = layer.shape[layer.shape.length - 1];
    const shape = layer.shape.map(side => whole.format(side)).join(' × ') + (layer.shown < count ? ', ' + layer.shown + ' of ' + (vector ? 'its values' : 'its channels') : '');
    const range = made.least === made.largest ? 'all ' + number(made.least) : number(made.least) + ' to ' + number(made.largest);
    const title = element('p', { class: 'layer' }, element('b', null, name(layer.layer)), element('span', null, layer.kind), element('span', null, shape), element('span', { class: 'number' }, range));
    if (vector) {
      const strip = picture(made.png, 'values of ' + layer.layer);
      strip.setAttribute('class', 'strip');
      strip.style.maxWidth = layer.shown * 16 + 'px';
      return [title, strip];
    }
    const scale = Math.max(1, Math.floor(MAP_SIDE / Math.max(layer.height, layer.width)));
    const maps = element('div', { class: 'maps', role: 'img', 'aria-label': 'channels of ' + layer.layer });
    maps.style.setProperty('--sheet', 'url("' + source(made.png) + '")');
    for (let i = 0; i < layer.shown; i++) {
      const map = element('i', null);
      map.style.width = layer.width * scale + 'px';
      map.style.height = layer.height * scale + 'px';
      map.style.backgroundSize = layer.width * scale + 'px ' + layer.shown * layer.height * scale + 'px';
      map.style.backgroundPosition = '0 ' + -i * layer.height * scale + 'px';
      maps.append(map);
    }
    return [title, maps];
  }

  const MAP_SIDE = 64;

  function confusion(run) {
    const held = run.evaluation;
    if (!held || held.classes.length === 0) return null;
    const pairs = held.confused.length === 0 ? element('p', { class: 'soft' }, 'No image was taken for another class.') : element('ul', { class: 'pairs' },
      held.confused.map(pair => element('li', null, element('span', null, className(run, pair.label), ' as ', className(run, pair.predicted)), element('b', null, whole.format(pair.count)))));
    const classes = element('table', { class: 'list' },
      element('thead', null, element('tr', null, element('th', null, 'class'), ['recall', 'precision', 'F1', 'images'].map(head => element('th', { class: 'number' }, head)))),
      element('tbody', null, held.classes.map(one => element('tr', null, element('td', null, className(run, one.index)),
        element('td', { class: 'number' }, percent(one.recall)), element('td', { class: 'number' }, percent(one.precision)), element('td', { class: 'number' }, number(one.f1)), element('td', { class: 'number' }, whole.format(one.support))))));
    return [
      held.confusion ? card('half', 'Confusion on the ' + held.set + ' set', matrix(run, held.confusion), note('A row is the class of an image, a column what it was taken for.')) : null,
      card('half', 'Classes, the least often found first', element('div', { class: 'scroll tall' }, classes)),
      card(held.confusion ? '' : 'half', 'Taken for another most often', pairs)];
  }

  function matrix(run, counts) {
    const long = counts.length > 6;
    return element('div', { class: 'scroll' }, element('table', { class: 'matrix' },
      element('thead', null, element('tr', null, element('th'), counts.map((row, i) => element('th', { class: long ? 'turned' : null, scope: 'col' }, element('span', null, className(run, i)))))),
      element('tbody', null, counts.map((row, label) => {
        const sum = row.reduce((a, b) => a + b, 0) || 1;
        return element('tr', null, element('th', { scope: 'row' }, className(run, label)), row.map((count, predicted) => {
          const part = count / sum;
          const cell = element('td', { class: count === 0 ? null : part > 0.5 ? 'strong' : 'some', title: percent(part) + ' of this class' }, count === 0 ? '' : whole.format(count));
          if (count > 0) cell.style.backgroundColor = 'rgba(var(' + (label === predicted ? '--heat' : '--miss') + '),' + (label === predicted ? 0.15 + 0.8 * part : 0.1 + 0.9 * Math.sqrt(part)).toFixed(3) + ')';
          return cell;
        }));
      }))));
  }

  function sources(run) {
    return [element('h2', { id: 'job' }, 'Network and job'), element('div', { class: 'grid' }, card('', null,
      run.summary ? element('details', null, element('summary', null, 'Network'), element('pre', null, run.summary)) : null,
      run.job ? element('details', null, element('summary', null, 'Job, every default spelled out'), element('pre', null, run.job)) : null))];
  }

  // --- The page

  const details = element('div', { id: 'details' });

  function drawRun() {
    const run = runs[chosen.run];
    while (charts.length > fixed) charts.pop().close();
    chosen.layer = '';
    const shown = [kernels(run), mistakes(run)].filter(Boolean);
    const figuresOfClasses = confusion(run);
    const layerByLayer = activations(run);
    details.replaceChildren(...schedule(run), ...layers(run),
      ...(figuresOfClasses ? [element('h2', { id: 'classes' }, 'Classes'), element('div', { class: 'grid' }, figuresOfClasses)] : []),
      ...(shown.length ? [element('h2', { id: 'pictures' }, 'Pictures'), element('div', { class: 'grid' }, shown)] : []),
      ...(layerByLayer ? [element('h2', { id: 'activations' }, 'Images layer by layer'), element('div', { class: 'grid' }, layerByLayer)] : []),
      ...sources(run));
  }

  function header() {
    const links = [['overview', 'Overview'], comparing ? ['comparison', 'Side by side'] : null, ['course', 'Course'], ['layers', 'Layers'], ['classes', 'Classes'], ['pictures', 'Pictures'], ['activations', 'Layer by layer'], ['job', 'Job']].filter(Boolean);
    const title = comparing ? element('h1', null, runs.length + ' runs') : element('h1', null, name(runs[0].name), element('span', { class: 'badge' }, name(runs[0].state)));
    const where = comparing ? runs.map((run, i) => [i > 0 ? ', ' : '', name(run.label)])
      : [name(runs[0].path), runs[0].facts.filter(fact => fact[0] === 'Network' || fact[0] === 'Data').map(fact => [' · ', name(fact[1])])];
    return element('header', { class: 'top' }, element('div', null, title, element('p', { class: 'where' }, where)),
      element('nav', null, links.map(([id, text]) => element('a', { href: '#' + id }, text))));
  }

  page.append(header(), overview());
  if (comparing) {
    page.append(...comparison(), element('h2', null, 'One run'), element('div', { class: 'controls' }, element('label', null, 'Run',
      element('select', { id: 'run', on: { change: event => { chosen.run = Number(event.target.value); drawRun(); } } }, runs.map((run, i) => element('option', { value: String(i) }, run.label))))));
  }
  const fixed = charts.length;
  page.append(details, element('footer', null, 'Written by Tessera. This file needs no other, and loads nothing. Drag over a chart to look closer, click twice to go back.'));
  drawRun();

  function redraw() {
    charts.forEach(entry => entry.redraw());
    canvases.forEach(drawing => drawing());
  }
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  let waiting = 0;
  window.addEventListener('resize', () => { clearTimeout(waiting); waiting = setTimeout(() => canvases.forEach(drawing => drawing()), 100); });
})();
