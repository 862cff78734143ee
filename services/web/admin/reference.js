// SPDX-License-Identifier: MIT
// Codes with their names in three languages, and which goods belong to which class, by date.

import { api } from '../base/api.js';
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { ask } from './ask.js';
import { act, head, list } from './list.js';

const CLASSES = ['perishable', 'frozen_live', 'electronics', 'general', 'new_vehicle', 'empty'];
const today = () => new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10);
const FROM = () => ({ name: 'effective_from', label: t('admin.from'), type: 'date', required: true, value: today() });

const send = (more) => (body, key) => api('POST', '/v1/reference-data', { body: { ...more, ...body }, key });

async function addClass() {
  return ask({ title: t('admin.reference.class'), go: t('admin.publish'),
    fields: [
      { name: 'code', label: t('admin.reference.hs'), required: true, hint: t('admin.reference.hs.hint'),
        props: { inputmode: 'numeric', maxlength: 10 } },
      { name: 'class', label: t('admin.class'), type: 'select', required: true,
        options: CLASSES.map((one) => [one, word('class', one)]) },
      FROM(),
    ],
    send: send({ kind: 'hs_class' }) });
}

async function addCode() {
  return ask({ title: t('admin.reference.add'), go: t('admin.publish'),
    fields: [
      { name: 'kind', label: t('admin.kind'), required: true, hint: t('admin.kind.hint'), props: { maxlength: 40 } },
      { name: 'code', label: t('admin.code'), required: true, props: { maxlength: 40 } },
      FROM(),
      { name: 'vi', label: 'Tiếng Việt', required: true, props: { maxlength: 300 } },
      { name: 'en', label: 'English', required: true, props: { maxlength: 300 } },
      { name: 'zh', label: '中文', required: true, props: { maxlength: 300 } },
    ],
    send: send({}) });
}

function meaning(one) {
  return one.class ? word('class', one.class) : `${one.vi} · ${one.en} · ${one.zh}`;
}

function show({ changed }) {
  let all = null;
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const table = list({ caption: t('admin.reference'),
    load: async () => ({ ...(await api('GET', '/v1/reference-data', { query: { all } })).body, next: null }),
    columns: [
      { title: t('admin.kind'), show: (one) => (one.kind === 'hs_class' ? t('admin.reference.hs') : one.kind) },
      { title: t('admin.code'), kind: 'digits', show: (one) => one.code },
      { title: t('admin.meaning'), show: meaning },
      { title: t('admin.from'), kind: 'plain', show: (one) => one.effective_from },
      { title: t('admin.until'), kind: 'plain', show: (one) => one.effective_until ?? '–' },
    ] });
  return [head(t('admin.reference'),
    h('label', { class: 'row' }, h('input', { type: 'checkbox',
      onchange: (event) => { all = event.target.checked || null; table.reload(); } }), t('admin.reference.all')),
    act(t('admin.reference.class'), async () => done(await addClass())),
    act(t('admin.reference.add'), async () => done(await addCode()), 'main')), table.node];
}

export const reference = { id: 'reference', show, types: ['reference_set', 'hs_class_set'] };
