// SPDX-License-Identifier: MIT
// What is left to look at: what this kiosk has not sent or was refused, and the gate's conflicts, which a
// supervisor resolves.
import { h, replace } from '../base/dom.js';
import { dateTime, number, plate } from '../base/format.js';
import { t } from '../base/text.js';
import { askReason, openDialog, wordsOf } from './dialogs.js';
import { agencyName, stepName } from './texts_of.js';

const SHOWN = 60;

/** @param {import('./outbox.js').Item} item */
function itemState(item) {
  if (item.state === 'waiting') return ['look', t('kiosk.item.waiting')];
  if (item.state === 'refused') return ['stop', t('kiosk.item.refused')];
  if (item.state === 'withdrawn') return ['quiet', t('kiosk.item.withdrawn')];
  return item.answer?.conflict ? ['look', t('kiosk.item.conflict')] : ['go', t('kiosk.item.sent')];
}

/** @param {import('./outbox.js').Item} item @param {any} desk @param {() => void} again */
function itemRow(item, desk, again) {
  const [kind, words] = itemState(item);
  const known = desk.lists.expected.find((one) => one.crossing === item.crossing);
  const needsLook = !item.seen && (item.state === 'refused' || item.answer?.conflict);
  const seen = async () => {
    await desk.outbox.markSeen(item.seq);
    again();
  };
  return h('li', { dataset: { state: item.state, nonce: item.nonce } },
    h('span', { class: `state ${kind}` }, words),
    h('b', { class: known ? 'plate' : 'digits' }, known ? plate(known.plate) : item.crossing),
    h('span', null, `${stepName(item.step)} · ${dateTime(item.at)} · ${item.by}`),
    item.answer?.event && h('span', { class: 'digits' }, item.answer.event),
    item.answer?.text && h('span', { class: 'strong' }, item.answer.text),
    needsLook && h('button', { type: 'button', onclick: seen }, t('kiosk.item.seen')));
}

/** @param {any} desk @param {Element} host */
async function showItems(desk, host) {
  const items = (await desk.outbox.all()).reverse();
  const weight = (item) => (item.state === 'waiting' ? 0 : !item.seen && (item.state === 'refused' || item.answer?.conflict) ? 1 : 2);
  items.sort((a, b) => weight(a) - weight(b));
  const again = () => showItems(desk, host);
  replace(host, h('h3', null, t('kiosk.work.mine')),
    items.length ? h('ul', { class: 'items' }, items.slice(0, SHOWN).map((item) => itemRow(item, desk, again)))
      : h('p', null, t('kiosk.work.none')));
}

/** @param {any} conflict @param {any} desk @param {() => void} again */
function conflictRow(conflict, desk, again) {
  const isSupervisor = desk.people.officer.role === 'supervisor';
  const resolve = () => askReason({
    title: t('kiosk.conflict.resolve'), text: `${plate(conflict.plate)} · ${conflict.text}`,
    presets: [t('kiosk.conflict.preset.1'), t('kiosk.conflict.preset.2'), t('kiosk.conflict.preset.3')],
    go: t('kiosk.conflict.resolve'),
    submit: async (resolution) => {
      await desk.connection.ask('POST', `/v1/gates/${desk.place.code}/conflicts/${conflict.conflict}/resolve`,
        { body: { resolution } });
      setTimeout(again);
    },
  });
  return h('li', { dataset: { conflict: String(conflict.conflict) } },
    h('span', { class: 'state look' }, stepName(conflict.step)),
    h('b', { class: 'plate' }, plate(conflict.plate)),
    h('span', { class: 'strong' }, conflict.text),
    h('span', null, t('kiosk.conflict.who', { name: conflict.by?.name ?? '–',
      agency: conflict.by?.agency ? agencyName(conflict.by.agency) : '', at: dateTime(conflict.occurred_at) })),
    h('span', { class: 'digits' }, conflict.event),
    isSupervisor ? h('button', { type: 'button', class: 'main', onclick: resolve }, t('kiosk.conflict.resolve')) : null);
}

/** @param {any} desk @param {Element} host */
async function showConflicts(desk, host) {
  const title = h('h3', null, t('kiosk.work.conflicts'));
  try {
    const { body } = await desk.connection.ask('GET', `/v1/gates/${desk.place.code}/conflicts`);
    const again = () => openWork(desk);
    replace(host, title, desk.people.officer.role === 'supervisor' ? null : h('p', { class: 'note' }, t('kiosk.work.by_supervisor')),
      body.items.length ? h('ul', { class: 'items' }, body.items.map((one) => conflictRow(one, desk, again)))
        : h('p', null, t('kiosk.work.none')),
      body.next && h('p', { class: 'note' }, t('kiosk.work.more', { count: number(body.items.length) })));
  } catch (error) {
    replace(host, title, h('p', { class: 'error' }, wordsOf(error)));
  }
}

/** @param {any} desk */
export function openWork(desk) {
  const mine = h('section', { class: 'mine' });
  const conflicts = h('section', { class: 'conflicts' }, h('h3', null, t('kiosk.work.conflicts')));
  openDialog(t('kiosk.work.title'), [h('div', { class: 'columns' }, mine, conflicts)], 'work');
  void showItems(desk, mine);
  void showConflicts(desk, conflicts);
}
