// SPDX-License-Identifier: MIT
// The bar on top of every screen: where one is, the language, day or night, signing out.

import { h, toast } from './dom.js';
import { fill, language, setLanguage, t } from './text.js';

const NAMES = [['vi', 'Tiếng Việt'], ['en', 'English'], ['zh', '中文']];
const THEME = 'gate.theme';

function themeKept() {
  try { return localStorage.getItem(THEME); } catch { return null; }
}

/** Day or night as it was chosen last, or as the device is set. */
export function applyTheme() {
  const isDark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = themeKept() ?? (isDark ? 'night' : 'day');
}

/** From day to night or back, remembered. */
export function toggleTheme() {
  const next = document.documentElement.dataset.theme === 'night' ? 'day' : 'night';
  document.documentElement.dataset.theme = next;
  try { localStorage.setItem(THEME, next); } catch { /* until the page is left */ }
  window.dispatchEvent(new CustomEvent('theme', { detail: next }));
}

function languages() {
  const choice = h('select', { class: 'language', dataset: { tLabel: 'base.language' },
    onchange: (event) => setLanguage(event.target.value) },
  NAMES.map(([code, name]) => h('option', { value: code, lang: code }, name)));
  choice.value = language();
  window.addEventListener('language', () => { choice.value = language(); });
  return choice;
}

/* Whoever cannot sign out must know that they have not. */
async function leave(signOut) {
  try {
    await signOut();
    location.reload();
  } catch (error) {
    toast(error.text || t('base.offline'));
  }
}

function person(who) {
  return [h('button', { class: 'quiet who', type: 'button',
    onclick: async () => {
      const [{ showAccount }, { changePassword, signOutEverywhere }] =
        await Promise.all([import('./account.js'), import('./session.js')]);
      showAccount(who, { change: changePassword, signOutEverywhere });
    } }, who.user.name),
    h('button', { class: 'quiet', type: 'button', dataset: { t: 'base.signout' },
      onclick: async () => {
        const { signOut } = await import('./session.js');
        await leave(signOut);
      } })];
}

/**
 * Puts the bar at the top of the page, or takes the place of the one that is there.
 * @param {{title: string, who?: Object|null, more?: Node[]}} options title: a key; who: the session
 * @returns {HTMLElement}
 */
export function pageHeader({ title, who = null, more = [] }) {
  const bar = h('header', { class: 'bar' },
    h('a', { class: 'home', href: '/', dataset: { tLabel: 'base.home' } },
      h('span', { class: 'mark', 'aria-hidden': 'true' })),
    h('h1', { dataset: { t: title } }, t(title)),
    h('div', { class: 'tools' }, more, who && person(who), languages(),
      h('button', { class: 'quiet theme', type: 'button', title: '',
        dataset: { tLabel: 'base.theme' }, onclick: toggleTheme },
      h('span', { 'aria-hidden': 'true' }, '◐'))));
  fill(bar);
  const old = document.querySelector('body > header.bar');
  const skip = document.querySelector('body > .skip');
  if (old) old.replaceWith(bar);
  else if (skip) skip.after(bar);
  else document.body.prepend(bar);
  return bar;
}

applyTheme();
