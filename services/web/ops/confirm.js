// SPDX-License-Identifier: MIT
// Every action asks first, and says what will happen. One dialog is one idempotency key: a lost
// answer is asked for again with the same request, so nothing is done twice.

import { freshKey, Offline, Problem } from '../base/api.js';
import { h, toast } from '../base/dom.js';
import { clearErrors, showErrors } from '../base/form.js';
import { t } from '../base/text.js';

let last = 0;

function controlOf(field) {
  const common = { name: field.name, required: Boolean(field.required), value: field.value };
  if (field.type === 'select')
    return h('select', common, field.options.map(([value, label]) =>
      h('option', { value, selected: value === field.value }, label)));
  if (['reason', 'note'].includes(field.type)) return h('textarea', { ...common, maxlength: 500, rows: 3 });
  return h('input', { ...common, type: field.type ?? 'text', maxlength: field.maxlength ?? 64 });
}

function fieldNode(field) {
  if (field.node) return field.node;
  if (field.type === 'checkbox')
    return h('label', { class: 'field check' }, h('input', { type: 'checkbox', name: field.name }), ' ',
      h('span', null, field.label));
  return h('label', { class: 'field' }, h('span', null, field.label), controlOf(field),
    field.hint && h('span', { class: 'hint' }, field.hint));
}

function valuesOf(form) {
  const values = {};
  for (const one of form.elements) {
    if (!one.name || one.type === 'submit') continue;
    const value = one.type === 'checkbox' ? one.checked : one.value.trim();
    if (value !== '' && value !== false) values[one.name] = value;
  }
  return values;
}

/* The request is under way, and its answer unknown: it stays as it is until it is known. */
function freeze(form, isFrozen) {
  for (const one of form.elements)
    if (one.name) one.toggleAttribute('disabled', isFrozen);
}

class Confirm {
  constructor(options) {
    Object.assign(this, { options, key: freshKey(), isRunning: false, sent: null });
    const id = `confirm-${++last}`;
    this.message = h('p', { class: 'error', role: 'alert' });
    this.button = h('button', { class: options.danger ? 'danger' : 'main', type: 'submit', dataset: { act: 'confirm' } },
      options.button ?? t('ops.confirm'));
    this.form = h('form', { novalidate: true, onsubmit: (event) => this.submit(event) },
      h('h2', { id }, options.title),
      h('p', { class: 'will' }, t('ops.will')),
      h('ul', { class: 'what' }, options.what.filter(Boolean).map((line) => h('li', null, line))),
      (options.fields ?? []).map(fieldNode), this.message,
      h('div', { class: 'row ends' }, h('button', { type: 'button', dataset: { act: 'cancel' },
        onclick: () => this.close(null) }, t('ops.cancel')), this.button));
    this.dialog = h('dialog', { class: options.wide ? 'confirm wide' : 'confirm', 'aria-labelledby': id },
      this.form);
    this.dialog.addEventListener('close', () => this.close(null));
  }

  /** @returns {Promise<any>} what the server answered; null: nothing was done, as far as is known */
  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    (this.form.querySelector('textarea, select, input') ?? this.button).focus();
    return new Promise((resolve) => { this.resolve = resolve; });
  }

  close(answer) {
    if (!this.resolve) return;
    const resolve = this.resolve;
    this.resolve = null;
    this.dialog.close();
    this.dialog.remove();
    resolve(answer);
  }

  /* What is missing is said before the server has to. */
  missing() {
    const errors = [...this.form.elements].filter((one) => one.required && !one.value.trim())
      .map((one) => ({ pointer: `/${one.name}`, code: 'required', text: t('ops.required') }));
    if (errors.length) showErrors(this.form, { text: t('ops.required'), errors });
    return errors.length > 0;
  }

  async submit(event) {
    event.preventDefault();
    if (this.isRunning) return;
    clearErrors(this.form);
    this.message.textContent = '';
    if (!this.sent && this.missing()) return;
    this.sent ??= valuesOf(this.form);
    this.isRunning = true;
    this.button.setAttribute('aria-busy', 'true');
    try {
      const answer = await this.options.send(this.sent, this.key);
      const said = this.options.done?.(answer.body);
      if (said) toast(said);
      this.close(answer.body);
    } catch (error) {
      this.refused(error);
    } finally {
      this.isRunning = false;
      this.button.removeAttribute('aria-busy');
    }
  }

  refused(error) {
    if (error instanceof Offline || (error instanceof Problem && error.status >= 500)) {
      freeze(this.form, true);
      this.button.textContent = t('ops.again');
      this.message.textContent = t('ops.unknown');
      return;
    }
    if (!(error instanceof Problem)) throw error;
    freeze(this.form, false);
    this.sent = null;
    this.key = freshKey();
    this.button.textContent = this.options.button ?? t('ops.confirm');
    const fields = this.options.onProblem?.(error, this.form) ?? null;
    for (const field of fields ?? []) this.message.before(fieldNode(field));
    showErrors(this.form, error, { pointerToField: this.options.pointerToField });
  }
}

/**
 * @param {{title: string, what: string[], fields?: Object[], button?: string, danger?: boolean,
 *   wide?: boolean, send: (values: Object, key: string) => Promise<{body: any}>,
 *   pointerToField?: (pointer: string) => string|null, done?: (body: any) => string, onProblem?: (problem: Problem, form: HTMLFormElement) => Object[]|null}} options
 *   fields: {name, label, type: 'reason'|'select'|'checkbox'|…, required, value, options, hint};
 *   onProblem: fields to add after a refusal
 * @returns {Promise<any>} the body of the answer, or null
 */
export function confirm(options) { return new Confirm(options).open(); }
