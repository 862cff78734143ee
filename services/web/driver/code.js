// SPDX-License-Identifier: MIT
// The code of the pass alone, out of the server's drawing: black on white at night, too, and as large as
// the phone is wide.

import { h } from '../base/dom.js';
import { t } from '../base/text.js';

const QUIET = 4; // modules around the code (ISO/IEC 18004 §5.3.8)

/**
 * @param {string} svg the server's drawing
 * @returns {SVGElement}
 */
export function codeOf(svg) {
  const whole = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const path = whole.querySelector('path');
  const code = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const copy = document.importNode(path, true);
  const side = sideOf(path.getAttribute('d'));

  copy.removeAttribute('transform');
  code.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${side + 2 * QUIET} ${side + 2 * QUIET}`);
  code.setAttribute('role', 'img');
  code.setAttribute('aria-label', whole.querySelector('title')?.textContent ?? t('driver.pass'));
  code.setAttribute('class', 'qr');
  code.append(copy);
  return code;
}

// Runs of dark modules, "M<x> <y>h<run>v1h-<run>z": the farthest is the code's side.
function sideOf(d) {
  return [...d.matchAll(/M(\d+) (\d+)h(\d+)/g)].reduce((side, [, x, y, run]) => Math.max(side, +x + +run, +y + 1), 0);
}

/** The code on a white screen of its own, which is kept from going dark. */
export async function enlarge(code, plate) {
  const dialog = h('dialog', { class: 'whole', 'aria-label': t('driver.pass') }, code, h('p', { class: 'plate' }, plate), h('button', { type: 'button', onclick: () => dialog.close() }, t('driver.close')));
  let lock = null;

  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    lock?.release();
    dialog.remove();
  });
  dialog.showModal();
  try { lock = await navigator.wakeLock?.request('screen'); } catch { /* it may go dark */ }
}
