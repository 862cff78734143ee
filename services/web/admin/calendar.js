// SPDX-License-Identifier: MIT
// The exceptions of a gate's calendar: closed, or for pre-registered vehicles only. The API takes the
// whole list, so what is added or taken out goes with all the others.

import { api, freshKey } from '../base/api.js';
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { ask, askToEnd } from './ask.js';
import { act, head, list, moment } from './list.js';

const MODES = ['closed', 'pre_registered', 'open'];
const CAUSES = ['gate', 'far_side', 'holiday', 'weather', 'other'];

/* What stands already, as the API wants it back. */
function again(entry) {
  return Object.fromEntries(Object.entries(entry).filter(([name, value]) => value !== null &&
    ['route', 'direction', 'from', 'to', 'mode', 'cause', 'reason'].includes(name)));
}

async function read(gate) { return (await api('GET', `/v1/gates/${gate}/calendar`)).body; }

async function put(gate, change, key = freshKey()) {
  const { entries } = await read(gate);
  return api('PUT', `/v1/gates/${gate}/calendar`, { body: { entries: change(entries.map(again)) }, key });
}

async function add(gate) {
  const { routes } = await read(gate);
  return ask({ title: t('admin.calendar.add', { gate }), go: t('admin.add'),
    fields: [
      { name: 'mode', label: t('admin.mode'), type: 'select', required: true,
        options: MODES.map((one) => [one, word('mode', one)]) },
      { name: 'from', label: t('admin.from'), type: 'instant', required: true },
      { name: 'to', label: t('admin.until'), type: 'instant', required: true },
      { name: 'route', label: t('admin.route'), type: 'select',
        options: [['', t('admin.route.all')], ...routes.map((one) => [one.route, one.route])] },
      { name: 'direction', label: t('admin.direction'), type: 'select',
        options: [['', t('admin.direction.both')], ...['export', 'import'].map((one) => [one, word('direction', one)])] },
      { name: 'cause', label: t('admin.cause'), type: 'select', options: CAUSES.map((one) => [one, word('cause', one)]) },
      { name: 'reason', label: t('admin.reason'), type: 'note', required: true, props: { maxlength: 500 } },
    ],
    pointerToField: (pointer) => pointer.replace(/^\/entries\/\d+\//, ''),
    send: (body, key) => put(gate, (entries) => [...entries, body], key) });
}

function end(gate, entry) {
  return askToEnd({ title: `${word('mode', entry.mode)} ${moment(entry.from)}`, text: t('admin.calendar.end'),
    go: t('admin.calendar.out'),
    send: () => put(gate, (entries) => entries.filter((one) =>
      JSON.stringify(one) !== JSON.stringify(again(entry)))) });
}

function show({ changed }) {
  const gates = api('GET', '/v1/gates').then(({ body }) => body.items);
  let gate = null;                            // the first there is, until another is chosen
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const table = list({ caption: t('admin.calendar'),
    load: async () => {
      gate ??= (await gates)[0].gate;
      return { items: (await read(gate)).entries, next: null };
    },
    columns: [
      { title: t('admin.mode'), show: (one) => word('mode', one.mode) },
      { title: t('admin.from'), kind: 'plain', show: (one) => moment(one.from) },
      { title: t('admin.until'), kind: 'plain', show: (one) => moment(one.to) },
      { title: t('admin.route'), show: (one) => one.route ?? t('admin.route.all') },
      { title: t('admin.direction'), show: (one) => (one.direction ? word('direction', one.direction) : t('admin.direction.both')) },
      { title: t('admin.reason'), show: (one) => one.reason },
      { title: '', kind: 'acts', show: (one) => h('div', { class: 'row' },
        act(t('admin.calendar.out'), async () => done(await end(gate, one)), 'danger')) },
    ] });
  const choice = h('select', { 'aria-label': t('admin.gate'),
    onchange: (event) => { gate = event.target.value; table.reload(); } });
  gates.then((items) => choice.replaceChildren(
    ...items.map((one) => h('option', { value: one.gate }, `${one.gate} ${one.names[document.documentElement.lang]}`))), () => {});
  return [head(t('admin.calendar'), choice,
    act(t('admin.calendar.new'), async () => gate && done(await add(gate)), 'main')), table.node];
}

export const calendar = { id: 'calendar', show, types: ['calendar'] };
