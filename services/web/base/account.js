// SPDX-License-Identifier: MIT
// What people do with their own account: another password, signing out everywhere.

import { h, insist, toast } from './dom.js';
import { clearErrors, once, showError, showErrors } from './form.js';
import { t } from './text.js';

function field(name, label, autocomplete, hint) {
  const input = h('input', { name, type: 'password', autocomplete, required: true, maxlength: 200 });
  return h('label', { class: 'field' }, h('span', null, t(label)), input,
    hint && h('small', { class: 'hint' }, t(hint)));
}

function passwordForm(isForced) {
  return h('form', { method: 'dialog', novalidate: true },
    h('h2', { id: 'account-title' }, t(isForced ? 'base.account.first' : 'base.account.password')),
    isForced && h('p', { class: 'note' }, t('base.account.once')),
    field('old', isForced ? 'base.account.given' : 'base.account.old', 'current-password'),
    field('new', 'base.account.new', 'new-password', 'base.account.rule'),
    field('again', 'base.account.again', 'new-password'),
    h('div', { class: 'row' }, h('button', { class: 'main', type: 'submit' }, t('base.account.save'))));
}

/* The new one twice, since nobody sees it. True when the form may go. */
function agrees(form) {
  clearErrors(form);
  if (form.elements.new.value === form.elements.again.value) return true;
  showError(form.elements.again, t('base.account.differs'));
  form.elements.again.focus();
  return false;
}

function dialogOf(content) {
  const dialog = h('dialog', { class: 'over', 'aria-labelledby': 'account-title' }, content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks for another password until the server takes it.
 * @param {{isForced?: boolean, change: (body: {old: string, new: string}) => Promise<Object>}} options
 * @returns {Promise<Object|null>} the session; null when it was left
 */
export function askForPassword({ isForced = false, change }) {
  const form = passwordForm(isForced);
  const dialog = isForced ? insist(h('dialog', { class: 'over', 'aria-labelledby': 'account-title' }, form)) : dialogOf(form);
  const button = form.querySelector('button');
  return new Promise((resolve) => {
    let session = null;
    once(button, async () => {
      if (!agrees(form)) return;
      try {
        session = await change({ old: form.elements.old.value, new: form.elements.new.value });
        if (isForced) dialog.remove();
        else dialog.close();
        resolve(session);
      } catch (problem) {
        showErrors(form, { text: problem.text || t('base.offline'), errors: problem.errors ?? [] });
      }
    });
    if (!isForced) dialog.addEventListener('close', () => resolve(session));
  });
}

/**
 * The account of who is signed in.
 * @param {Object} who the session
 * @param {{change: Function, signOutEverywhere: () => Promise<void>}} acts
 */
export function showAccount(who, { change, signOutEverywhere }) {
  const dialog = dialogOf(h('div', null,
    h('h2', { id: 'account-title' }, who.user.name),
    h('p', { class: 'quiet-text' }, who.user.user, who.firm ? ` · ${who.firm.name}` : ''),
    h('div', { class: 'row' },
      h('button', { class: 'main', type: 'button',
        onclick: () => { dialog.close(); askForPassword({ change }); } }, t('base.account.password')),
      h('button', { type: 'button', onclick: async () => {
        try {
          await signOutEverywhere();
          location.reload();
        } catch (error) {
          toast(error.text || t('base.offline'));
        }
      } }, t('base.account.everywhere')),
      h('button', { class: 'quiet', type: 'button', onclick: () => dialog.close() },
        t('base.account.close')))));
}
