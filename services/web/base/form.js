// SPDX-License-Identifier: MIT
// Forms: errors at their fields, one click is one request.

import { h, announce } from './dom.js';
import { freshKey } from './api.js';

const ERROR = 'field-error';

/** Takes all errors off the form. @param {HTMLFormElement} form */
export function clearErrors(form) {
  for (const node of form.querySelectorAll(`.${ERROR}`)) node.remove();
  for (const field of form.querySelectorAll('[aria-invalid]')) clearField(field);
}

function clearField(field) {
  field.removeAttribute('aria-invalid');
  const rest = (field.getAttribute('aria-describedby') ?? '').split(' ')
    .filter((id) => id && !id.startsWith('error-'));
  if (rest.length) field.setAttribute('aria-describedby', rest.join(' '));
  else field.removeAttribute('aria-describedby');
}

let last = 0;

/**
 * Puts one message at one field; it goes when the field is changed.
 * @param {HTMLElement} field
 * @param {string} text
 */
export function showError(field, text) {
  const id = `error-${++last}`;
  const node = h('p', { class: ERROR, id }, text);
  const described = field.getAttribute('aria-describedby');
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', described ? `${described} ${id}` : id);
  (field.closest('.field') ?? field).append(node);
  if (!node.isConnected || node.parentNode === field) field.after(node);
  field.addEventListener('input', () => { node.remove(); clearField(field); }, { once: true });
}

function fieldOf(form, pointer, map) {
  const named = typeof map === 'function' ? map(pointer) : map?.[pointer];
  if (named instanceof Element) return named;
  const name = named ?? pointer.slice(1);
  const found = form.elements.namedItem(name);
  return found instanceof RadioNodeList ? found[0] : found;
}

/**
 * Each message of the problem at its field, in the reader's language; the first one gets the
 * focus. What belongs to no field stands at the form's end.
 * @param {HTMLFormElement} form
 * @param {{text: string, errors: {pointer: string, text: string, code: string}[]}} problem
 * @param {{pointerToField?: Object<string, string|Element>|((pointer: string) => string|Element|null)}} [options]
 * @returns {number} how many found their field
 */
export function showErrors(form, problem, { pointerToField } = {}) {
  clearErrors(form);
  let first = null, placed = 0;
  const homeless = problem.errors.length ? [] : [problem.text];
  for (const error of problem.errors) {
    const field = fieldOf(form, error.pointer ?? '', pointerToField);
    if (!field) { homeless.push(`${error.pointer} ${error.text}`); continue; }
    showError(field, error.text);
    first ??= field;
    placed++;
  }
  for (const text of homeless) form.append(h('p', { class: ERROR, role: 'alert' }, text));
  first?.focus();
  announce(problem.text, 'assertive');
  return placed;
}

/**
 * A button that does its work once at a time. fn gets an idempotency key that stays the same until
 * it ends well or is refused for good; a lost connection keeps it, so that trying again files
 * nothing twice.
 * @param {HTMLButtonElement} button
 * @param {(key: string) => Promise<void>} fn
 */
export function once(button, fn) {
  let key = null, isRunning = false;
  button.addEventListener('click', async (event) => {
    event.preventDefault();
    if (isRunning) return;
    isRunning = true;
    button.setAttribute('aria-busy', 'true');
    key ??= freshKey();
    try {
      await fn(key);
      key = null;
    } catch (error) {
      if (error.name === 'Problem' && error.status < 500) key = null;
      throw error;
    } finally {
      isRunning = false;
      button.removeAttribute('aria-busy');
    }
  });
}
