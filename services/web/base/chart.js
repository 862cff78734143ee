// SPDX-License-Identifier: MIT
// Lines over time, in the colours of the theme, with the same figures as a table for who cannot
// see them.

import uPlot from '../vendor/uplot.js';
import { h, replace } from './dom.js';
import { number, time } from './format.js';
import { t } from './text.js';

const HANOI = 'Asia/Ho_Chi_Minh';
const COLOURS = ['--accent', '--look', '--go', '--quiet', '--stop'];

const sheet = new URL('../vendor/uplot.css', import.meta.url).href;
document.head.append(h('link', { rel: 'stylesheet', href: sheet }));

function colour(node, name) { return getComputedStyle(node).getPropertyValue(name).trim(); }

function axes(node, isTime) {
  const common = { stroke: () => colour(node, '--quiet'), font: '12px system-ui',
    grid: { stroke: () => colour(node, '--line'), width: 1 },
    ticks: { stroke: () => colour(node, '--line'), width: 1 } };
  return [
    { ...common, values: isTime ? (u, marks) => marks.map((s) => time(s * 1000)) : undefined },
    { ...common, size: 52, values: (u, marks) => marks.map((value) => number(value)) },
  ];
}

function lines(node, options) {
  return options.series.map((one, i) => ({
    label: one.label,
    stroke: () => colour(node, one.colour ?? COLOURS[i % COLOURS.length]),
    width: one.width ?? 2,
    dash: one.dash,
    spanGaps: false,
    points: { show: false },
    value: (u, value) => (value === null || value === undefined ? '–' : number(value)),
  }));
}

function tableOf(options) {
  const head = h('tr', null, h('th', { scope: 'col' }, options.xLabel ?? t('base.time')),
    options.series.map((one) => h('th', { scope: 'col' }, one.label)));
  const rows = options.x.map((x, i) => h('tr', null,
    h('th', { scope: 'row' }, options.isTime === false ? number(x) : time(x * 1000)),
    options.series.map((one) => h('td', null,
      one.values[i] === null || one.values[i] === undefined ? '–' : number(one.values[i])))));
  return h('details', { class: 'chart-table' },
    h('summary', null, t('base.chart.table')),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': options.title },
      h('table', null, h('caption', { class: 'unseen' }, options.title), h('thead', null, head),
        h('tbody', null, rows))));
}

/**
 * Draws into node, and again by update(). x: seconds since 1970 (or numbers, isTime: false);
 * series: label, values (null is a gap), optionally colour ('--go' …), dash.
 * @param {Element} node
 * @param {{title: string, x: number[], series: {label: string, values: (number|null)[],
 *          colour?: string, dash?: number[], width?: number}[], isTime?: boolean, xLabel?: string,
 *          height?: number}} options
 * @returns {{update: (options: Object) => void, destroy: () => void}}
 */
export function chart(node, options) {
  const canvas = h('div', { class: 'chart', role: 'img', 'aria-label': options.title });
  const table = h('div', null);
  let now = options, plot = null;
  const size = () => ({ width: Math.max(240, node.clientWidth), height: now.height ?? 220 });
  const data = () => [now.x, ...now.series.map((one) => one.values)];
  const draw = () => {
    plot?.destroy();
    const isTime = now.isTime !== false;
    plot = new uPlot({ ...size(), axes: axes(node, isTime), series: [{
      label: now.xLabel ?? t('base.time'),
      value: (u, x) => (x === null || x === undefined ? '–' : isTime ? time(x * 1000) : number(x)),
    }, ...lines(node, now)], scales: { x: { time: isTime }, y: { range: (u, low, high) =>
      [Math.min(0, low ?? 0), Math.max(1, (high ?? 1) * 1.05)] } },
    tzDate: (s) => uPlot.tzDate(new Date(s * 1000), HANOI) }, data(), canvas);
    replace(table, tableOf(now));
  };
  const watcher = new ResizeObserver(() => plot?.setSize(size()));
  replace(node, canvas, table);
  draw();
  watcher.observe(node);
  window.addEventListener('theme', draw);
  return {
    update(next) {
      const isSame = next.series.length === now.series.length &&
        next.series.every((one, i) => one.label === now.series[i].label);
      now = { ...now, ...next };
      canvas.setAttribute('aria-label', now.title);
      if (!isSame) draw();
      else {
        const isOpen = table.firstElementChild?.open;
        plot.setData(data());
        replace(table, tableOf(now));
        table.firstElementChild.open = isOpen;
      }
    },
    destroy() {
      watcher.disconnect();
      window.removeEventListener('theme', draw);
      plot?.destroy();
      replace(node);
    },
  };
}
