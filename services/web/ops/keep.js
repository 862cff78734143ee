// SPDX-License-Identifier: MIT
// Drawing again without taking anything from under a finger: what did not change stays, and where
// it did the focus goes to the same control.

import { replace } from '../base/dom.js';

/* Where the focus is, as something that can be found again in fresh elements. */
function focusIn(node) {
  const focused = document.activeElement;
  if (!focused || !node.contains(focused) || focused === node) return null;
  const key = focused.dataset?.key ?? focused.closest('[data-key]')?.dataset.key;
  return { key, act: focused.dataset?.act };
}

function giveFocus(node, { key, act }) {
  const row = key ? node.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? node : node;
  const again = act ? row.querySelector(`[data-act="${CSS.escape(act)}"]`) : row;
  again?.focus?.({ preventScroll: true });
}

/**
 * Puts children into node unless they look the same. Handlers must ask for the state of now, for
 * the old elements may stay.
 * @param {Element} node
 * @param {...any} children
 * @returns {boolean} whether anything changed
 */
export function keep(node, ...children) {
  const fresh = node.cloneNode(false);
  replace(fresh, ...children);
  if (node.childNodes.length === fresh.childNodes.length &&
      [...node.childNodes].every((one, i) => one.isEqualNode(fresh.childNodes[i]))) return false;
  const focus = focusIn(node);
  merge(node, [...fresh.childNodes]);
  if (focus && !node.contains(document.activeElement)) giveFocus(node, focus);
  return true;
}

/* Keyed children stay where they are the same; the rest is replaced. */
function merge(node, fresh) {
  const old = new Map([...node.children].filter((one) => one.dataset.key)
    .map((one) => [one.dataset.key, one]));
  const wanted = fresh.map((one) => {
    const was = one.dataset?.key ? old.get(one.dataset.key) : null;
    return was?.isEqualNode(one) ? was : one;
  });
  if (wanted.some((one) => one.parentNode === node)) {
    for (const one of [...node.childNodes]) if (!wanted.includes(one)) one.remove();
    wanted.forEach((one, i) => { if (node.childNodes[i] !== one) node.insertBefore(one, node.childNodes[i] ?? null); });
  } else node.replaceChildren(...wanted);
}
