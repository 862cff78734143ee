// SPDX-License-Identifier: MIT
// A shape for each kind of verdict, so that colour is never alone: told apart at three metres, and by
// who does not see colours.
import { h } from '../base/dom.js';

const LINE = { fill: 'none', stroke: 'currentColor', 'stroke-width': 9, 'stroke-linecap': 'round',
  'stroke-linejoin': 'round' };

/** @param {string} d @param {object} [more] */
const line = (d, more = {}) => h('path', { d, ...LINE, ...more });
/** @param {string} d */
const solid = (d) => h('path', { d, fill: 'currentColor' });

const SHAPES = {
  go: () => [h('circle', { cx: 50, cy: 50, r: 43, ...LINE }), line('M28 52 L44 68 L74 34')],
  stop: () => [solid('M32 6 H68 L94 32 V68 L68 94 H32 L6 68 V32 Z')],
  look: () => [line('M50 10 L94 88 H6 Z'), line('M50 38 V62'), solid('M45 72 h10 v8 h-10 Z')],
  duplicate: () => [line('M12 12 H64 V64 H12 Z'), line('M36 78 V90 H90 V36 H78')],
  mismatch: () => [line('M14 36 H86'), line('M14 64 H86'), line('M68 12 L32 88')],
  hold: () => [h('circle', { cx: 50, cy: 50, r: 43, ...LINE }), line('M38 32 V68'), line('M62 32 V68')],
  trouble: () => [line('M50 6 L94 50 L50 94 L6 50 Z'), line('M50 28 V54'), solid('M45 64 h10 v9 h-10 Z')],
  recorded: () => [line('M10 54 L38 82 L90 22', { 'stroke-width': 14 })],
  undone: () => [line('M28 18 L10 38 L28 58'), line('M12 38 H62 A24 24 0 0 1 62 86 H30')],
};

/** @param {string} kind @returns {SVGElement} */
export function shape(kind) {
  return h('svg', { viewBox: '0 0 100 100', class: 'shape', 'aria-hidden': 'true', focusable: 'false' },
    SHAPES[kind]());
}
