// SPDX-License-Identifier: MIT
// Numbers, times and plates as they are written in the language of now. The gate's time is
// Hanoi's; Beijing's is an hour ahead.

import { language, t } from './text.js';

const LOCALES = { vi: 'vi-VN', en: 'en-GB', zh: 'zh-CN' };
const HANOI = 'Asia/Ho_Chi_Minh';
const cache = new Map();

function formatter(kind, options) {
  const name = `${language()} ${kind}`;
  if (!cache.has(name)) cache.set(name, new Intl.DateTimeFormat(LOCALES[language()], options));
  return cache.get(name);
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const day = { day: '2-digit', month: '2-digit', year: 'numeric' };
const instant = (iso) => (iso instanceof Date ? iso : new Date(iso));

/** @param {number} n @param {Intl.NumberFormatOptions} [options] */
export function number(n, options) {
  return new Intl.NumberFormat(LOCALES[language()], options).format(n);
}
/** The day. @param {string|number|Date} iso */
export function date(iso) {
  return formatter('date', { ...day, timeZone: HANOI }).format(instant(iso));
}
/** Hours and minutes in Hanoi. @param {string|number|Date} iso */
export function time(iso) {
  return formatter('time', { ...clock, timeZone: HANOI }).format(instant(iso));
}
/** Hours, minutes and seconds in Hanoi. @param {string|number|Date} iso */
export function clockTime(iso) {
  return formatter('clock', { ...clock, second: '2-digit', timeZone: HANOI }).format(instant(iso));
}
/** @param {string|number|Date} iso */
export function dateTime(iso) { return `${time(iso)} ${date(iso)}`; }
/** The time, with its day when that is another than now's. @param {string} iso @param {string|number|Date} now */
export function timeNear(iso, now) { return date(iso) === date(now) ? time(iso) : dateTime(iso); }
/** Hours and minutes in Beijing. @param {string|number|Date} iso */
export function beijing(iso) {
  return formatter('beijing', { ...clock, timeZone: 'Asia/Shanghai' }).format(instant(iso));
}

/** "50 s", "12 min", "3 h 05", "2 d 4 h". @param {number} seconds */
export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return t('base.duration.s', { s: number(s) });
  const minutes = Math.round(s / 60);
  if (minutes < 60) return t('base.duration.min', { min: number(minutes) });
  const hours = Math.floor(minutes / 60);
  if (hours < 24)
    return t('base.duration.h', { h: number(hours), min: String(minutes % 60).padStart(2, '0') });
  return t('base.duration.d', { d: number(Math.floor(hours / 24)), h: number(hours % 24) });
}

/** A wait is shown as from–to, never as one figure. @param {number} p50s @param {number} p90s */
export function interval(p50s, p90s) {
  const from = Math.max(0, Math.round(p50s / 60));
  const to = Math.max(from, Math.round(p90s / 60));
  if (to < 120) {
    if (from === to) return t('base.duration.min', { min: number(to) });
    return t('base.interval.min', { from: number(from), to: number(to) });
  }
  return t('base.interval', { from: duration(p50s), to: duration(p90s) });
}

/* Vietnamese plates in the normal form, as 29C12345, 29LD01234, 80NG12345 (domain A2). */
const VIETNAMESE = /^(\d{2}[A-ZĐ]{1,2}\d?)(\d{3})(\d{2})$/;
const SHORT = /^(\d{2}[A-ZĐ]{1,2})(\d{4})$/;
const CHINESE = /^(\p{Script=Han}[A-Z])([A-Z0-9]{5,6}|[A-Z0-9]{4}\p{Script=Han})$/u;

/** A plate as it is painted: 29C-123.45, 桂F·12345; anything else as it is. @param {string} text */
export function plate(text) {
  const five = VIETNAMESE.exec(text);
  if (five) return `${five[1]}-${five[2]}.${five[3]}`;
  const four = SHORT.exec(text);
  if (four) return `${four[1]}-${four[2]}`;
  const chinese = CHINESE.exec(text);
  return chinese ? `${chinese[1]}·${chinese[2]}` : text;
}
