// SPDX-License-Identifier: MIT
// The trail: what was changed, by whom, and when; straight from the platform's ledger.

import { api } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { dateTime, duration } from '../base/format.js';
import { hasText, t } from '../base/text.js';
import { word } from '../base/words.js';

/* Said elsewhere in the line, or of no use to people. */
const PLAIN = new Set(['seq', 'at', 'type', 'by', 'by_user', 'by_name', 'user', 'principal', 'firm',
  'session', 'steps', 'public_key', 'id', 'hash', 'entries']);
/* Names that the event itself says already. */
const SAME = { principal_name: 'name', firm_name: 'name', user_name: 'login' };
const WORDS = { direction: 'direction', agency: 'agency', class: 'class', mode: 'mode', cause: 'cause' };

function wordOf(kind, code) {
  return hasText(`admin.${kind}.${code}`) ? t(`admin.${kind}.${code}`) : code;
}

function shown(name, value) {
  if (Array.isArray(value)) return value.map((one) => shown(name, one)).join(', ');
  if (name === 'credits')
    return Object.entries(value).map(([of, s]) => `${word('class', of)} ${duration(s)}`).join(', ');
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return dateTime(value);
  if (typeof value === 'number' && name.endsWith('_s')) return duration(value);
  if (WORDS[name]) return word(WORDS[name], value);
  if (name === 'role' || name === 'way') return wordOf(name, value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function detailsOf(item) {
  return Object.entries(item).filter(([name, value]) => !PLAIN.has(name) && value !== null &&
    value !== '' && !(Array.isArray(value) && !value.length) &&
    !(name in SAME && item[SAME[name]] === value) &&
    !(name === 'principal_name' && item.firm_name === value));
}

function line(item) {
  const details = detailsOf(item);
  return h('li', null, h('time', { datetime: item.at }, dateTime(item.at)), h('div', null,
    h('strong', null, wordOf('event', item.type)), ' ',
    h('span', { class: 'quiet-text' }, item.by === 0 ? t('admin.by_command')
      : item.by_name ? t('admin.by', { name: item.by_name }) : ''),
    details.length > 0 && h('dl', null, details.map(([name, value]) =>
      h('div', null, h('dt', null, wordOf('detail', name)), h('dd', null, shown(name, value)))))));
}

/* What happens at the gates stands in their own ledgers, oldest first. */
async function calendarPage() {
  const { body } = await api('GET', '/v1/events', { query: { types: 'calendar', limit: 1000 } });
  return { items: body.items.reverse(), next: null };
}

async function platformPage(types, after) {
  return (await api('GET', '/v1/audit', { query: { types: types.length ? types.join(',') : null, after,
    limit: types.length ? 8 : 40 } })).body;
}

/**
 * @param {string[]} types of events; none: all of the platform's
 * @returns {{node: Element, reload: () => Promise<void>}}
 */
export function trail(types) {
  const lines = h('ol');
  const note = h('p', { class: 'quiet-text', role: 'status' });
  const more = h('button', { type: 'button', class: 'more', hidden: true }, t('admin.more'));

  async function add(after) {
    try {
      const page = types.includes('calendar') ? await calendarPage() : await platformPage(types, after);
      if (!after) replace(lines);
      lines.append(...page.items.map(line));
      note.textContent = lines.children.length ? '' : t('admin.empty');
      more.hidden = !page.next;
      more.onclick = () => add(page.next);
    } catch (problem) {
      note.textContent = problem.text || t('base.offline');
    }
  }

  const reload = () => add(null);
  reload();
  return { reload, node: h('section', { class: 'trail' },
    types.length > 0 && h('h3', null, t('admin.trail')),
    lines, note, more) };
}
