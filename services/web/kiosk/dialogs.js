// SPDX-License-Identifier: MIT
// What is asked over the screen. A scan closes whatever is open: the next vehicle comes first.
import { $, h } from '../base/dom.js';
import { Offline, Problem } from '../base/api.js';
import { showError } from '../base/form.js';
import { t } from '../base/text.js';
import { kbd } from './verdict_view.js';

/**
 * Opens a dialog. @param {string} title @param {any[]} content @param {string} [name]
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, name = '') {
  closeDialogs();
  const dialog = h('dialog', { class: `over ${name}`, 'aria-labelledby': 'dialog-title' },
    h('header', null, h('h2', { id: 'dialog-title' }, title),
      h('button', { type: 'button', class: 'close', onclick: () => dialog.close() }, kbd('Esc'), t('kiosk.close'))),
    content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** The dialog that is open, if any. @returns {HTMLDialogElement | null} */
export const openedDialog = () => $('dialog[open]');

export function closeDialogs() {
  for (const dialog of document.querySelectorAll('dialog[open]:not(.lasting)')) dialog.close();
}

/** What went wrong, in words. @param {any} error @returns {string} */
export function wordsOf(error) {
  if (error instanceof Offline) return t('kiosk.no_server');
  if (error instanceof Problem) return error.errors[0]?.text ?? error.text;
  if (error?.code?.startsWith?.('kiosk.')) return t(error.code, error.values);
  return t('kiosk.failed');
}

/**
 * A form in a dialog; its errors stay in it, and what was typed.
 * @param {{title: string, fields: any[], go: string, submit: (form: HTMLFormElement) => Promise<void>, name?: string}} what
 */
export function askForm({ title, fields, go, submit, name }) {
  const error = h('p', { class: 'error', role: 'alert' });
  const button = h('button', { type: 'submit', class: 'main' }, kbd('↵'), go);
  const form = h('form', { method: 'dialog', novalidate: true }, fields, error, button);
  const dialog = openDialog(title, [form], name);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    error.textContent = '';
    button.disabled = true;
    try {
      await submit(form);
      dialog.close();
    } catch (problem) {
      error.textContent = wordsOf(problem);
    } finally {
      button.disabled = false;
    }
  });
  form.querySelector('input, textarea')?.focus();
  return dialog;
}

/** @param {string} name @param {string} label @param {object} [more] */
export function field(name, label, more = {}) {
  return h('label', { class: 'field' }, h('span', null, label), more.hint && h('span', { class: 'hint' }, more.hint),
    h('input', { name, autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 400, ...more, hint: null }));
}

/**
 * A reason, from the usual ones by one key or in words of one's own.
 * @param {{title: string, text?: string, presets: string[], go: string, submit: (reason: string) => Promise<void>}} what
 */
export function askReason({ title, text, presets, go, submit }) {
  const send = async (form) => {
    const input = form.elements.reason;
    const reason = input.value.trim();
    if (!reason) {
      showError(input, t('kiosk.reason_needed'));
      throw Object.assign(new Error('reason'), { code: 'kiosk.reason_needed' });
    }
    await submit(reason);
  };
  const preset = (words, i) => h('button', { type: 'button', class: 'choice', dataset: { key: String(i + 1) },
    onclick: () => {
      dialog.querySelector('[name=reason]').value = words;
      dialog.querySelector('form').requestSubmit();
    } }, kbd(String(i + 1)), h('span', null, words));
  const dialog = askForm({
    title, go, name: 'reason', submit: send,
    fields: [text && h('p', null, text), h('div', { class: 'presets' }, presets.map(preset)),
      field('reason', t('kiosk.reason_own'), { autocapitalize: 'sentences' })],
  });
  dialog.querySelector('.presets button')?.focus();
  return dialog;
}
