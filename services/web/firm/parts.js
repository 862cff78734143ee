// SPDX-License-Identifier: MIT
// Small parts that the views share.

import { Offline, Problem, api } from '../base/api.js';
import { h } from '../base/dom.js';
import { interval } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';

const LOOKS = { called: 'go', at_gate: 'go', in_yard: 'go', cleared: 'go', exited: 'go', held: 'stop', rejected: 'stop',
  turned_back: 'stop', draft: 'look', no_show: 'look', expired: 'look', ready: 'go', completed: 'go' };

/** The state of a crossing: word, sign and colour. @param {string} state */
export function stateBadge(state) {
  return h('span', { class: `state ${LOOKS[state] ?? ''}` }, word('state', state));
}

/** The state of a declaration. @param {string} state */
export function declarationBadge(state) {
  return h('span', { class: `state ${LOOKS[state] ?? ''}` }, t(`firm.declaration.${state}`));
}

/** What went wrong, in words. @param {Error} error */
export function reasonOf(error) {
  if (error instanceof Offline) return t('base.offline');
  if (error instanceof Problem && error.text) return error.errors.length ? `${error.text}: ${error.errors.map((one) => one.text).join('; ')}` : error.text;
  return t('base.failed');
}

/** A message with a way to try again. @param {Error} error @param {() => void} [again] */
export function problemBox(error, again) {
  if (!(error instanceof Offline) && !(error instanceof Problem)) console.error(error);
  return h('div', { class: 'card problem', role: 'alert' }, h('p', { class: 'error' }, reasonOf(error)),
    again && h('button', { type: 'button', onclick: again }, t('firm.again')));
}

/** The wait as it is promised; null when none is. @param {{wait?: {p50_s: number, p90_s: number}}} place */
export function waitText(place) {
  return place.wait ? interval(place.wait.p50_s, place.wait.p90_s) : null;
}

/** A dialog with a form; resolves with what done() returned, or null when it was left. */
export function ask({ title, body, go, danger = false, done }) {
  const error = h('p', { class: 'error', role: 'alert' });
  const button = h('button', { class: danger ? 'danger' : 'main', type: 'submit' }, go);
  const form = h('form', { method: 'dialog', novalidate: true }, h('h2', { id: 'ask-title' }, title), body, error,
    h('div', { class: 'row end' }, h('button', { type: 'button', onclick: () => dialog.close() }, t('firm.back')), button));
  const dialog = h('dialog', { 'aria-labelledby': 'ask-title' }, form);
  let result = null, isBusy = false;

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    button.setAttribute('aria-busy', 'true');
    error.textContent = '';
    try {
      result = await done(form);
      dialog.close();
    } catch (problem) {
      if (problem.name !== 'Shown') error.textContent = reasonOf(problem);
    } finally {
      isBusy = false;
      button.removeAttribute('aria-busy');
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(result);
  }, { once: true }));
}

let gates = null, classes = null;

/** The gates, read once. @returns {Promise<object[]>} */
export async function gatesKnown() {
  gates ??= api('GET', '/v1/gates').then((answer) => answer.body.items).catch((error) => { gates = null; throw error; });
  return gates;
}

/** Which HS codes are of which class, read once; none when it cannot be read. @returns {Promise<object[]>} */
export async function classesKnown() {
  classes ??= api('GET', '/v1/reference-data', { query: { kind: 'hs_class' } }).then((answer) => answer.body.items)
    .catch(() => { classes = null; return []; });
  return classes;
}

/** Saves a text as a file of the user's. @param {string} name @param {string} text @param {string} type */
export function download(name, text, type) {
  const link = h('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });

  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
