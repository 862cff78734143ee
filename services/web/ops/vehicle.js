// SPDX-License-Identifier: MIT
// One vehicle: how it stands, why, what may be done, and every event of its way with who, where,
// when by both clocks, and the hash by which the ledger proves it.

import { api, Offline } from '../base/api.js';
import { h, replace, toast } from '../base/dom.js';
import { dateTime, duration, interval, number, plate } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { csvOf, save } from './csv.js';
import { hear, isSupervisor, mayOperate, shortName, state } from './state.js';
import { language } from '../base/text.js';
import { actionsFor, undo } from './vehicle_actions.js';

const UNDOABLE = ['step', 'called', 'turned_back', 'released', 'expired', 'no_show'];
let shown = null;                 // { dialog, id }

const second = (iso) => new Date(Date.parse(iso) + 7 * 3600e3).toISOString().slice(11, 19);
const clock = (iso) => [second(iso), ' ', h('span', { class: 'quiet-text' }, dateTime(iso).split(' ')[1])];

/** What an event was, in words. @param {Object} event of a timeline or feed */
export function eventText(event) {
  const parts = [word('event', event.type)];
  if (event.step && event.type !== 'called') parts.push(word('step', event.step));
  if (event.result && event.result !== 'pass') parts.push(word('result', event.result));
  if (event.lane) parts.push(t('ops.lane.n', { lane: event.lane }));
  if (event.overtake) parts.push(t('ops.overtook', { count: number(event.overtake.passed) }));
  if (event.conflict) parts.push(t('ops.conflict'));
  return parts.join(' · ');
}

const why = (event) => event.note ?? event.overtake?.reason ?? event.reason ?? event.resolution ?? '';

function doer(by) {
  const where = by.agency ? word('agency', by.agency) : by.role ? t(`ops.role.${by.role}`) : null;
  return [by.name, where].filter(Boolean).join(' · ') || t('ops.by.system');
}

function undoButton(crossing, event, isLast, again) {
  if (!isLast || !UNDOABLE.includes(event.type) || !(isSupervisor() || (mayOperate() && event.type === 'called'))) return null;
  return h('button', { type: 'button', class: 'small', dataset: { act: `undo-${event.event}` },
    onclick: async () => { if (await undo(event.event, eventText(event))) { state.feed.hurry(crossing.gate); again(); } } },
  t('ops.undo.button'));
}

function row(crossing, event, isLast, again) {
  return h('tr', null,
    h('td', null, h('strong', null, eventText(event)), why(event) && h('p', { class: 'why' }, why(event)),
      undoButton(crossing, event, isLast, again)),
    h('td', null, doer(event.by)), h('td', { class: 'digits' }, event.by.device ?? '–'),
    h('td', { class: 'digits' }, clock(event.occurred_at)), h('td', { class: 'digits' }, clock(event.recorded_at)),
    h('td', { class: 'digits' }, h('a', { href: `/v1/gates/${crossing.gate}/proof/${event.event}`, target: '_blank', rel: 'noopener',
      title: event.hash, 'aria-label': t('ops.proof.of', { event: event.event }) }, event.event),
    h('br', null), h('code', { class: 'hash' }, event.hash.slice(0, 16))));
}

function exportTimeline(crossing) {
  save(`${crossing.id}.csv`, csvOf(
    [t('ops.col.event'), t('ops.col.what'), t('ops.reason'), t('ops.col.who'), t('ops.col.device'), t('ops.col.occurred'), t('ops.col.recorded'), t('ops.col.hash')],
    crossing.timeline.map((one) => [one.event, eventText(one), why(one), doer(one.by), one.by.device, one.occurred_at, one.recorded_at, one.hash])));
}

function timeline(crossing, again) {
  const last = crossing.timeline.length - 1;
  return [h('div', { class: 'row spread' }, h('h3', null, t('ops.timeline')),
    h('button', { type: 'button', class: 'small', dataset: { act: 'csv' }, onclick: () => exportTimeline(crossing) }, t('ops.csv'))),
  h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('ops.timeline') }, h('table', { class: 'timeline' },
    h('thead', null, h('tr', null, ['what', 'who', 'device', 'occurred', 'recorded', 'hash']
      .map((one) => h('th', { scope: 'col' }, t(`ops.col.${one}`))))),
    h('tbody', null, crossing.timeline.map((one, i) => row(crossing, one, i === last, again)))))];
}

function facts(crossing, position) {
  const pairs = [[t('ops.gate'), shortName(crossing.gate, language())], [t('ops.direction'), word('direction', crossing.direction)],
    [t('ops.class'), word('class', crossing.class)], [t('ops.declaration'), crossing.declaration],
    [t('ops.crossing'), crossing.id]];
  if (crossing.lane) pairs.push([t('ops.lane'), number(crossing.lane)]);
  if (position?.joined_at) pairs.push([t('ops.joined'), dateTime(position.joined_at)]);
  if (position && 'ahead' in position) {
    pairs.push([t('ops.place'), position.blocked_by.length ? '–' : number(position.place)]);
    pairs.push([t('ops.wait'), interval(position.wait.p50_s, position.wait.p90_s)]);
    pairs.push([t('ops.credit'), duration(position.credit_s)]);
  }
  if (crossing.open.length)
    pairs.push([t('ops.open_steps'), crossing.open.map((one) => word('step', one.step)).join(', ')]);
  return h('dl', { class: 'facts' }, pairs.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

function reasons(position) {
  const said = [...(position?.reasons ?? []), ...(position?.blocked_by ?? [])].filter((one) => one.code !== 'place_none');
  return said.length ? [h('h3', null, t('ops.reasons')),
    h('ul', { class: 'reasons' }, said.map((one) => h('li', null, one.text,
      one.seconds ? ` (${duration(one.seconds)})` : '', one.until ? ` (${dateTime(one.until)})` : '')))] : null;
}

function buttons(crossing, position, again) {
  const actions = actionsFor(crossing, position);
  return h('div', { class: 'row acts' }, actions.map(([act, label, run, isDanger]) =>
    h('button', { type: 'button', class: isDanger ? 'danger' : act === 'call' ? 'main' : '', dataset: { act },
      onclick: async () => { if (await run()) again(); } }, label)));
}

/* Which colour a state has: what is well is quiet. */
const tone = (code) => (['held', 'rejected', 'no_show', 'turned_back'].includes(code) ? 'stop'
  : ['called'].includes(code) ? 'look' : ['cleared', 'exited'].includes(code) ? 'go' : '');

/** A state as a chip. @param {string} code */
export function stateChip(code) { return h('span', { class: `state ${tone(code)}` }, word('state', code)); }

async function load(id) {
  const [crossing, position] = await Promise.all([api('GET', `/v1/crossings/${id}`), api('GET', `/v1/crossings/${id}/position`)]);
  return { crossing: crossing.body, position: position.body };
}

async function draw(dialog, id) {
  let found;
  try {
    found = await load(id);
  } catch (error) {
    toast(error instanceof Offline ? t('base.offline') : error.text ?? t('base.failed'));
    return false;
  }
  const { crossing, position } = found;
  const again = () => draw(dialog, id);
  replace(dialog, h('div', { class: 'row spread' },
    h('h2', { id: 'vehicle-title' }, h('span', { class: 'plate' }, plate(crossing.plate)), ' ', stateChip(crossing.state)),
    h('button', { type: 'button', class: 'quiet', dataset: { act: 'close' }, onclick: () => dialog.close() }, t('ops.done'))),
  facts(crossing, position), buttons(crossing, position, again), reasons(position), timeline(crossing, again));
  return true;
}

/** Opens the panel of a vehicle. @param {string} id of the crossing */
export async function openVehicle(id) {
  shown?.dialog.close();
  const dialog = h('dialog', { class: 'vehicle', 'aria-labelledby': 'vehicle-title' });
  if (!(await draw(dialog, id))) return;
  document.body.append(dialog);
  dialog.addEventListener('close', () => { dialog.remove(); if (shown?.dialog === dialog) shown = null; });
  shown = { dialog, id };
  dialog.showModal();
}

/* While it is open it follows its vehicle. */
hear('event', (event) => {
  if (shown && event.crossing === shown.id && !document.querySelector('dialog.confirm')) draw(shown.dialog, shown.id);
});

/** @param {string} text a plate or a number, typed any way */
export async function findVehicle(text) {
  const digits = text.replaceAll(/\s/g, '');
  const body = /^\d{14}$/.test(digits) ? { number: digits } : { plate: text };
  const { body: found } = await api('POST', '/v1/scans', { body });
  if (found.crossing?.id) await openVehicle(found.crossing.id);
  return found;
}
