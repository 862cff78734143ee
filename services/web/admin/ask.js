// SPDX-License-Identifier: MIT
// Dialogs: a form for a change, a question before an end, a secret that is shown once.

import { freshKey } from '../base/api.js';
import { h } from '../base/dom.js';
import { showErrors } from '../base/form.js';
import { t } from '../base/text.js';

let last = 0;

function controlOf(field) {
  const props = { name: field.name, required: field.required, id: `ask-${++last}`,
    ...(field.props ?? {}) };
  if (field.type === 'select') {
    const node = h('select', props, field.options.map(([value, text]) => h('option', { value }, text)));
    node.value = field.value ?? field.options[0]?.[0] ?? '';
    return node;
  }
  if (field.type === 'note') return h('textarea', { ...props, rows: 3 }, field.value ?? '');
  const type = { instant: 'datetime-local' }[field.type] ?? field.type ?? 'text';
  return h('input', { ...props, type, value: field.value ?? '',
    autocomplete: 'off', spellcheck: 'false' });
}

function checksOf(field) {
  return h('fieldset', { class: 'field' }, h('legend', null, field.label),
    h('div', { class: 'checks' }, field.options.map(([value, text]) => h('label', null,
      h('input', { type: 'checkbox', name: field.name, value,
        checked: (field.value ?? []).includes(value) }), text))));
}

function fieldOf(field) {
  if (field.node) return field.node;
  if (field.type === 'checks') return checksOf(field);
  const control = controlOf(field);
  return h('div', { class: 'field' },
    h('label', { for: control.id }, field.label,
      field.required ? null : h('span', { class: 'quiet-text' }, ` ${t('admin.optional')}`)),
    control, field.hint && h('small', { class: 'hint' }, field.hint));
}

/* What the API wants: no empty members; times of Hanoi as instants. */
function valueOf(form, field) {
  if (field.read) return field.read(form);
  if (field.type === 'checks')
    return [...form.querySelectorAll(`[name="${field.name}"]:checked`)].map((one) => one.value);
  const text = form.elements[field.name].value.trim();
  if (!text) return undefined;
  if (field.type === 'number') return Number(text) * (field.unit ?? 1);
  return field.type === 'instant' ? `${text}:00+07:00` : text;
}

function open(dialog) {
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function buttons(dialog, go, kind) {
  return h('div', { class: 'row' }, h('button', { class: kind, type: 'submit' }, go),
    h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() },
      t('admin.leave')));
}

/**
 * Asks for the fields of a change and sends them until they are taken or the dialog is left.
 * @param {{title: string, go: string, fields: Object[], isWide?: boolean, kind?: string,
 *          text?: string, pointerToField?: Function,
 *          send: (body: Object, key: string) => Promise<any>}} options
 * @returns {Promise<any>} what send gave; undefined when it was left
 */
export function ask({ title, go, fields, send, text, isWide, kind = 'main', pointerToField }) {
  const form = h('form', { method: 'dialog', novalidate: true });
  const dialog = h('dialog', { class: isWide ? 'over wide' : 'over', 'aria-label': title }, form);
  form.append(h('h2', null, title), text ? h('p', null, text) : '', ...fields.map(fieldOf),
    buttons(dialog, go, kind));
  open(dialog);
  return new Promise((resolve) => {
    let key = freshKey(), result, isSending = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      const body = Object.fromEntries(fields.filter((field) => field.name || field.read)
        .map((field) => [field.name, valueOf(form, field)]).filter(([, value]) => value !== undefined));
      try {
        result = await send(body, key);
        dialog.close();
      } catch (problem) {
        if (problem.status && problem.status < 500) key = freshKey();
        showErrors(form, { text: problem.text || t('base.offline'), errors: problem.errors ?? [] },
          { pointerToField });
      } finally {
        isSending = false;
      }
    });
    dialog.addEventListener('close', () => resolve(result));
  });
}

/** A question before something ends, with room for a reason. */
export function askToEnd({ title, text, go, send }) {
  return ask({ title, text, go, kind: 'danger', send,
    fields: [{ name: 'reason', label: t('admin.reason'), type: 'note', props: { maxlength: 500 } }] });
}

/**
 * Shows what is shown once: a key, a password.
 * @param {{title: string, text: string, secret: string|null, notice?: string}} options
 */
export function showSecret({ title, text, secret, notice }) {
  const done = h('button', { class: 'main', type: 'submit' }, t('admin.noted'));
  const copy = h('button', { type: 'button', onclick: async () => {
    await navigator.clipboard.writeText(secret);
    copy.textContent = t('admin.copied');
  } }, t('admin.copy'));
  const dialog = h('dialog', { class: 'over', 'aria-label': title },
    h('form', { method: 'dialog' }, h('h2', null, title), h('p', null, secret ? text : notice),
      secret && h('output', { class: 'secret' }, secret),
      h('div', { class: 'row' }, done, secret && navigator.clipboard ? copy : null)));
  open(dialog);
  return new Promise((resolve) => dialog.addEventListener('close', resolve));
}
