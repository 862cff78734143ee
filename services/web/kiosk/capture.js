// SPDX-License-Identifier: MIT
// Binds the scanner to the document: scans are caught wherever the focus is and stay out of fields;
// a person's single keys become actions, but only once it is sure that no scan begins with them.
import { digitsAnnounced } from '../pass/pass.js';
import { Scanner } from './scanner.js';

const ACT_AFTER_MS = 70; // longer than the gap between two keys of a scan
const CHECK_MS = 60;
const SHORTEST = 250; // digits of a pass that has not said its length yet

const isField = (node) => node instanceof Element &&
  node.matches('input:not([type=checkbox], [type=radio], [type=button]), textarea, select');

/** What a field held before the first keys of a scan fell into it. */
function snapshot(node) {
  if (!isField(node) || !('value' in node)) return null;
  const { value } = node;
  return () => {
    if (node.value === value) return;
    node.value = value;
    node.dispatchEvent(new Event('input', { bubbles: true }));
  };
}

/**
 * @param {{onScan: (burst: import('./scanner.js').Burst) => void, onMore: (text: string) => void,
 *   onKey: (key: string) => void, wantsScans: () => boolean}} on onKey: a key that a person pressed
 *   outside of fields
 */
export function capture(on) {
  let restore = null;
  let acting = 0;
  const scanner = new Scanner({
    onStart: () => {
      clearTimeout(acting);
      restore?.();
    },
    onMore: on.onMore,
    isPartial: (text) => /^[0-9]{15,}$/.test(text) && text.length < (digitsAnnounced(text) || SHORTEST),
    onScan: on.onScan,
  });
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('keydown', (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!on.wantsScans()) return act(event);
    const now = event.timeStamp; // when it was pressed, however busy the page is
    if (!scanner.keys.length || now - scanner.lastAt > scanner.patience()) restore = snapshot(event.target);
    clearTimeout(acting);
    const caps = event.getModifierState?.('CapsLock') ?? false;
    if (scanner.press({ key: event.key, code: event.code, caps }, now) === 'take') return take(event);
    act(event);
  }, true);
  /* Enter and blank press the button with the focus; what else is a key of the screen. */
  function act(event) {
    if (isField(event.target) && event.key !== 'Escape') return;
    const pressesButton = event.target instanceof Element &&
      event.target.closest('button, a, summary, [role=button]');
    if (pressesButton && (event.key === 'Enter' || event.key === ' ')) return;
    if (event.key.length !== 1 && !['Enter', 'Escape', 'Backspace'].includes(event.key)) return;
    const { key } = event;
    acting = setTimeout(() => on.onKey(key), ACT_AFTER_MS);
  }
  document.addEventListener('keyup', (event) => {
    if (scanner.isScanning(performance.now())) take(event);
  }, true);
  /* After a busy moment keys may still be on their way: they come before the second look. */
  setInterval(() => setTimeout(() => scanner.tick(performance.now())), CHECK_MS);
}
