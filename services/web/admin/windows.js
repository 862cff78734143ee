// SPDX-License-Identifier: MIT
// How many vehicles a window of thirty minutes takes, by gate and direction.

import { api } from '../base/api.js';
import { number } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { ask } from './ask.js';
import { act, head, list, moment } from './list.js';

const DIRECTIONS = ['export', 'import'];

async function add() {
  const { body: { items: gates } } = await api('GET', '/v1/gates');
  return ask({ title: t('admin.windows.add'), go: t('admin.publish'),
    fields: [
      { name: 'gate', label: t('admin.gate'), type: 'select', required: true,
        options: gates.map((gate) => [gate.gate, gate.gate]) },
      { name: 'direction', label: t('admin.direction'), type: 'select', required: true,
        options: DIRECTIONS.map((one) => [one, word('direction', one)]) },
      { name: 'places', label: t('admin.windows.places'), type: 'number', required: true, props: { min: 0, max: 10000 } },
      { name: 'effective_from', label: t('admin.from'), type: 'instant', hint: t('admin.from.hint') },
    ],
    send: (body, key) => api('POST', '/v1/windows', { body, key }) });
}

function show({ changed }) {
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const table = list({ caption: t('admin.windows'),
    load: async () => ({ ...(await api('GET', '/v1/windows')).body, next: null }),
    columns: [
      { title: t('admin.gate'), show: (one) => one.gate },
      { title: t('admin.direction'), show: (one) => word('direction', one.direction) },
      { title: t('admin.windows.places'), kind: 'number', show: (one) => number(one.places) },
      { title: t('admin.from'), kind: 'plain', show: (one) => moment(one.effective_from) },
      { title: t('admin.until'), kind: 'plain', show: (one) => moment(one.effective_until) },
    ] });
  return [head(t('admin.windows'), act(t('admin.windows.add'), async () => done(await add()), 'main')),
    table.node];
}

export const windows = { id: 'windows', show, types: ['window_set'] };
