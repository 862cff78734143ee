// SPDX-License-Identifier: MIT
// The sign-in: a panel in the page, or a dialog over it when a session ran out.

import { h, insist } from './dom.js';
import { Offline } from './api.js';
import { clearErrors, showError } from './form.js';
import { t } from './text.js';

function field(name, label, type, autocomplete) {
  return h('label', { class: 'field' }, h('span', { dataset: { t: label } }, t(label)),
    h('input', { name, type, autocomplete, required: true, autocapitalize: 'none',
      spellcheck: 'false', maxlength: 200 }));
}

function reasonOf(error) {
  if (error instanceof Offline) return t('base.offline');
  if (error.retryAfterS) return t('base.signin.later', { text: error.text, seconds: error.retryAfterS });
  return error.text || t('base.failed');
}

function lineOf({ isExpired, isWrongRole }) {
  const key = isExpired ? 'base.signin.expired' : isWrongRole ? 'base.signin.wrong_role' : null;
  return key && h('p', { class: 'note', dataset: { t: key } }, t(key));
}

function formOf(options) {
  return h('form', { class: 'signin', method: 'dialog', novalidate: true },
    h('h2', { id: 'signin-title', dataset: { t: 'base.signin.title' } }, t('base.signin.title')),
    lineOf(options),
    field('user', 'base.signin.user', 'text', 'username'),
    field('password', 'base.signin.password', 'password', 'current-password'),
    h('p', { class: 'error', role: 'alert' }),
    h('button', { class: 'main', type: 'submit', dataset: { t: 'base.signin.go' } },
      t('base.signin.go')));
}

/**
 * Whether name and password are there; what is missing is said at its field, in the language of now.
 * @param {HTMLFormElement} form @returns {boolean}
 */
export function isFilled(form) {
  const { user, password } = form.elements;
  clearErrors(form);
  if (!user.value.trim()) showError(user, t('base.signin.user.needed'));
  if (!password.value) showError(password, t('base.signin.password.needed'));
  form.querySelector('[aria-invalid=true]')?.focus();
  return Boolean(user.value.trim() && password.value);
}

async function submit(form, options) {
  const button = form.querySelector('button');
  const error = form.querySelector('.error');
  error.textContent = '';
  if (!isFilled(form)) return null;
  button.disabled = true;
  try {
    const who = await options.signIn({ user: form.elements.user.value.trim(),
      password: form.elements.password.value });
    if (!options.roles || options.roles.includes(who.role)) return who;
    error.textContent = t('base.signin.wrong_role');
  } catch (problem) {
    error.textContent = reasonOf(problem);
    form.elements.password.select();
  } finally {
    button.disabled = false;
  }
  return null;
}

/**
 * @param {{roles?: string[], host?: Element, isExpired?: boolean, isWrongRole?: boolean,
 *          signIn: (who: Object) => Promise<Object>}} options
 * @returns {Promise<Object>} the session, once there is one that fits
 */
export function askToSignIn(options) {
  const form = formOf(options);
  const frame = options.host ? h('div', { class: 'card signin-card' }, form)
    : insist(h('dialog', { class: 'over', 'aria-labelledby': 'signin-title' }, form)); // behind it nothing could be saved
  options.host?.append(frame);
  form.elements.user.focus();
  return new Promise((resolve) => {
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const who = await submit(form, options);
      if (!who) return;
      frame.remove();
      resolve(who);
    });
  });
}
