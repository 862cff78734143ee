// SPDX-License-Identifier: MIT
// Help and settings: the keys, the lane, day or night, sound, language, the own account, the end of the shift.
import { h, replace } from '../base/dom.js';
import { toggleTheme } from '../base/header.js';
import { language, setLanguage, t } from '../base/text.js';
import { openDialog } from './dialogs.js';
import { isLoud, setLoud } from './sound.js';
import { kbd } from './verdict_view.js';

const LANGUAGES = [['vi', 'Tiếng Việt'], ['en', 'English'], ['zh', '中文']];
const KEYS = [
  ['Enter', 'kiosk.help.enter'], ['1–9', 'kiosk.help.digits'], ['Esc', 'kiosk.help.escape'], ['U', 'kiosk.help.u'],
  ['M', 'kiosk.help.m'], ['H', 'kiosk.help.h'], ['R', 'kiosk.help.r'], ['S', 'kiosk.help.s'], ['P', 'kiosk.help.p'],
  ['C', 'kiosk.help.c'], ['W', 'kiosk.help.w'], ['?', 'kiosk.help.menu'],
];

/** The choice of language, for here and for the sign-in. @returns {HTMLElement} */
export function languageChoice() {
  return h('div', { class: 'choices', role: 'group', 'aria-label': t('base.language') },
    LANGUAGES.map(([code, name]) => h('button', { type: 'button', lang: code, onclick: () => setLanguage(code),
      'aria-pressed': String(language() === code) }, name)));
}

/** @param {{onLane: () => void, onAccount: () => void, onLeave: () => void}} on */
export function openMenu(on) {
  const sound = h('button', { type: 'button', dataset: { key: 'v' }, onclick: () => {
    setLoud(!isLoud());
    name();
  } });
  const name = () => {
    sound.setAttribute('aria-pressed', String(isLoud()));
    replace(sound, kbd('V'), t(isLoud() ? 'kiosk.menu.sound_on' : 'kiosk.menu.sound_off'));
  };
  name();
  openDialog(t('kiosk.menu.title'), [
    h('div', { class: 'choices' },
      h('button', { type: 'button', dataset: { key: 'l' }, onclick: on.onLane }, kbd('L'), t('kiosk.menu.lane')),
      h('button', { type: 'button', dataset: { key: 'n' }, onclick: toggleTheme }, kbd('N'), t('kiosk.menu.night')),
      sound,
      h('button', { type: 'button', dataset: { key: 'a' }, onclick: on.onAccount }, kbd('A'), t('kiosk.menu.account')),
      h('button', { type: 'button', class: 'danger', dataset: { key: 'q' }, onclick: on.onLeave }, kbd('Q'), t('kiosk.menu.leave'))),
    languageChoice(),
    h('h3', null, t('kiosk.menu.keys')),
    h('dl', { class: 'keys' }, KEYS.map(([key, text]) => h('div', null, h('dt', null, h('kbd', null, key)), h('dd', null, t(text))))),
    h('p', { class: 'quiet-text' }, t('kiosk.menu.person')),
  ], 'menu');
}
