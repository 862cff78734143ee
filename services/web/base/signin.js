// SPDX-License-Identifier: MIT
// The sign-in: a panel in the page, or a dialog over it when a session ran out.

import { h } from './dom.js';
import { Offline } from './api.js';
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
  return h('form', { class: 'signin', method: 'dialog' },
    h('h2', { id: 'signin-title', dataset: { t: 'base.signin.title' } }, t('base.signin.title')),
    lineOf(options),
    field('user', 'base.signin.user', 'text', 'username'),
    field('password', 'base.signin.password', 'password', 'current-password'),
    h('p', { class: 'error', role: 'alert' }),
    h('button', { class: 'main', type: 'submit', dataset: { t: 'base.signin.go' } },
      t('base.signin.go')));
}

async function submit(form, options) {
  const button = form.querySelector('button');
  const error = form.querySelector('.error');
  error.textContent = '';
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

/* A dialog that cannot be dismissed: behind it nothing could be saved. */
function overlay(form) {
  const dialog = h('dialog', { class: 'over', 'aria-labelledby': 'signin-title' }, form);
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * @param {{roles?: string[], host?: Element, isExpired?: boolean, isWrongRole?: boolean,
 *          signIn: (who: Object) => Promise<Object>}} options
 * @returns {Promise<Object>} the session, once there is one that fits
 */
export function askToSignIn(options) {
  const form = formOf(options);
  const frame = options.host ? h('div', { class: 'card signin-card' }, form) : overlay(form);
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
