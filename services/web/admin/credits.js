// SPDX-License-Identifier: MIT
// The rule of the queue: credits by class of goods, and the times around it. A version each.

import { api } from '../base/api.js';
import { h } from '../base/dom.js';
import { duration } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { ask } from './ask.js';
import { act, head, list, moment } from './list.js';

const CLASSES = ['perishable', 'frozen_live', 'electronics', 'general', 'new_vehicle', 'empty'];
const TIMES = ['grace_s', 'claim_s', 'undo_s', 'pass_s'];
const UNITS = { grace_s: 60, claim_s: 3600, undo_s: 1, pass_s: 3600 };

async function read() { return (await api('GET', '/v1/credits')).body; }

function creditsOf(form) {
  return Object.fromEntries(CLASSES.map((name) => [name, form.elements[`credit_${name}`].value])
    .filter(([, value]) => value !== '').map(([name, value]) => [name, Number(value) * 60]));
}

function creditField(rule, name) {
  return { label: '', node: h('label', { class: 'field' },
    h('span', null, t('admin.credits.of', { class: word('class', name) })),
    h('input', { name: `credit_${name}`, type: 'number', min: 0, max: 1440, value: rule.credits[name] / 60 })) };
}

function timeField(rule, name) {
  return { name, label: t(`admin.credits.${name}`), type: 'number', unit: UNITS[name],
    value: rule[name] / UNITS[name], props: { min: 0 } };
}

async function add() {
  const { items: [newest] } = await read();
  return ask({ title: t('admin.credits.add'), go: t('admin.publish'),
    fields: [
      { name: 'effective_from', label: t('admin.from'), type: 'instant', hint: t('admin.from.hint') },
      ...CLASSES.map((name) => creditField(newest, name)),
      { name: 'credits', read: creditsOf, node: h('span') },
      ...TIMES.map((name) => timeField(newest, name)),
      { name: 'swaps', label: t('admin.credits.swaps'), type: 'number', value: newest.swaps, props: { min: 0 } },
    ],
    pointerToField: (pointer) => pointer.replace('/credits/', 'credit_').replace(/^\//, ''),
    send: (body, key) => api('POST', '/v1/credits', { body, key }) });
}

function creditsList(rule) {
  return h('ul', { class: 'credits' }, CLASSES.map((name) =>
    h('li', null, `${word('class', name)}: ${duration(rule.credits[name])}`)));
}

function timesList(rule) {
  return h('ul', { class: 'credits' }, TIMES.map((name) =>
    h('li', null, `${t(`admin.credits.${name}.short`)}: ${duration(rule[name])}`)));
}

function show({ changed }) {
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const table = list({ caption: t('admin.credits'),
    load: async () => ({ ...(await read()), next: null }),
    columns: [
      { title: t('admin.version'), show: (rule) => rule.version },
      { title: t('admin.from'), kind: 'plain', show: (rule) => moment(rule.effective_from) },
      { title: t('admin.credits.credit'), show: creditsList },
      { title: t('admin.credits.times'), show: timesList },
    ] });
  return [head(t('admin.credits'), act(t('admin.credits.add'), async () => done(await add()), 'main')),
    table.node];
}

export const credits = { id: 'credits', show, types: ['credits_set'] };
