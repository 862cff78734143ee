// SPDX-License-Identifier: MIT
// Signing in: by name and password the first time at a device, then a PIN; later the PIN alone.
import { h, replace } from '../base/dom.js';
import { Problem } from '../base/api.js';
import { isFilled } from '../base/signin.js';
import { t } from '../base/text.js';
import { wordsOf } from './dialogs.js';
import { languageChoice } from './menu.js';
import { agencyName } from './texts_of.js';
import { kbd } from './verdict_view.js';

const PIN_SIZE = 6;
const KNOWN_MAX = 6;

/** Why not, and from when on again. @param {any} problem @returns {string} */
function refusalOf(problem) {
  return problem.retryAfterS ? t('base.signin.later', { text: wordsOf(problem), seconds: problem.retryAfterS }) : wordsOf(problem);
}

/** A field for six digits that sends itself, with keys for gloves. @param {string} label @param {(pin: string) => Promise<void>} done */
function pinPad(label, done) {
  const error = h('p', { class: 'error', role: 'alert' });
  const input = h('input', { name: 'pin', type: 'password', inputmode: 'numeric', autocomplete: 'off', maxlength: PIN_SIZE,
    pattern: '[0-9]*', 'aria-label': label, class: 'pin' });
  const check = async () => {
    input.value = input.value.replace(/[^0-9]/g, '');
    if (input.value.length < PIN_SIZE || input.disabled) return;
    input.disabled = true;
    error.textContent = '';
    try {
      await done(input.value);
    } catch (problem) {
      error.textContent = refusalOf(problem);
    } finally {
      input.disabled = false;
      input.value = '';
      if (input.isConnected) input.focus();
    }
  };
  const press = (digit) => {
    if (input.disabled) return;
    input.value = digit === '⌫' ? input.value.slice(0, -1) : input.value + digit;
    void check();
  };
  input.addEventListener('input', check);
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', '⌫'].map((digit) => (digit
    ? h('button', { type: 'button', tabindex: '-1', onclick: () => press(digit), 'aria-label': digit === '⌫' ? t('kiosk.pin.back') : digit }, digit)
    : h('span')));
  setTimeout(() => input.focus());
  return [h('p', { class: 'ask' }, label), input, error, h('div', { class: 'pad' }, keys)];
}

/** A new PIN, typed twice. @param {Element} host @param {import('./people.js').People} people @returns {Promise<void>} */
export function askNewPin(host, people) {
  return new Promise((resolve) => {
    const later = h('button', { type: 'button', class: 'quiet', dataset: { key: 'Escape' }, onclick: () => resolve() }, kbd('Esc'), t('kiosk.pin.later'));
    const first = () => replace(host, h('section', { class: 'signin' }, h('h2', null, t('kiosk.pin.set')),
      h('p', null, t('kiosk.pin.why')), pinPad(t('kiosk.pin.new'), async (pin) => second(pin)), later));
    const second = (pin) => replace(host, h('section', { class: 'signin' }, h('h2', null, t('kiosk.pin.set')),
      pinPad(t('kiosk.pin.again'), async (again) => {
        if (again !== pin) {
          first();
          host.querySelector('.error').textContent = t('kiosk.pin.differs');
          return;
        }
        await people.setPin(pin);
        resolve();
      }), later));
    first();
  });
}

/**
 * @param {Element} host @param {import('./people.js').People} people @param {any} officer
 * @param {{others: (() => void) | null, password: () => void, done: () => void}} on others: somebody else works here
 */
function showPin(host, people, officer, { others, password, done }) {
  replace(host, h('section', { class: 'signin' }, h('h2', null, officer.name),
    h('p', null, officer.role === 'supervisor' ? t('kiosk.supervisor') : agencyName(officer.agency)),
    pinPad(t('kiosk.pin.enter'), async (pin) => {
      try {
        await people.byPin(officer, pin);
      } catch (error) {
        if (error instanceof Problem && error.status === 401) throw Object.assign(new Error('pin'), { code: 'kiosk.signin.refused_pin' });
        throw error;
      }
      done();
    }),
    h('div', { class: 'row' },
      h('button', { type: 'button', onclick: password }, kbd('P'), t('kiosk.signin.by_password')),
      others && h('button', { type: 'button', dataset: { key: 'Escape' }, onclick: others }, kbd('Esc'), t('kiosk.signin.others')))));
  host.querySelector('input.pin').addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'p') return;
    event.preventDefault();
    password();
  });
}

/** @param {Element} host @param {import('./people.js').People} people @param {boolean} hasOthers @param {() => void} others @param {(isNew: boolean) => void} done @param {string} [user] */
function showPassword(host, people, hasOthers, others, done, user = '') {
  const error = h('p', { class: 'error', role: 'alert' });
  const button = h('button', { type: 'submit', class: 'main' }, kbd('↵'), t('base.signin.go'));
  const form = h('form', { class: 'signin', method: 'dialog', novalidate: true },
    h('h2', null, t('base.signin.title')), h('p', null, t('kiosk.signin.first')),
    h('label', { class: 'field' }, h('span', null, t('base.signin.user')),
      h('input', { name: 'user', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, maxlength: 200, value: user })),
    h('label', { class: 'field' }, h('span', null, t('base.signin.password')),
      h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true, maxlength: 200 })),
    error, button,
    hasOthers && h('button', { type: 'button', dataset: { key: 'Escape' }, onclick: others }, kbd('Esc'), t('kiosk.signin.others')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    error.textContent = '';
    if (!isFilled(form)) return;
    button.disabled = true;
    try {
      await people.byPassword(form.elements.user.value.trim(), form.elements.password.value);
      done(true);
    } catch (problem) {
      error.textContent = refusalOf(problem);
      form.elements.password.select();
    } finally {
      button.disabled = false;
    }
  });
  replace(host, form, languageChoice());
  form.elements[user ? 'password' : 'user'].focus();
}

/**
 * Asks until somebody may work here.
 * @param {Element} host @param {import('./people.js').People} people
 * @param {{only?: any}} [how] only: this officer, to send what waits
 * @returns {Promise<{byPassword: boolean}>}
 */
export async function askWho(host, people, { only } = {}) {
  const known = (await people.known()).slice(0, KNOWN_MAX);
  return new Promise((resolve) => {
    const password = (user) => showPassword(host, people, known.length > 0, start, () => resolve({ byPassword: true }), user);
    const pin = (officer) => (officer.lock ? showPin(host, people, officer, { others: only ? null : start,
      password: () => password(officer.user), done: () => resolve({ byPassword: false }) }) : password(officer.user));
    const start = () => {
      if (only) return pin(only);
      if (!known.length) return password();
      replace(host, h('section', { class: 'signin' }, h('h2', null, t('kiosk.signin.who')),
        h('div', { class: 'people' }, known.map((officer, i) => h('button', { type: 'button', class: 'choice', dataset: { key: String(i + 1) },
          onclick: () => pin(officer) }, kbd(String(i + 1)), h('b', null, officer.name),
        h('span', null, officer.role === 'supervisor' ? t('kiosk.supervisor') : agencyName(officer.agency)))),
        h('button', { type: 'button', class: 'choice', dataset: { key: '0' }, onclick: () => password() }, kbd('0'), t('kiosk.signin.another')))),
      languageChoice());
    };
    start();
  });
}
