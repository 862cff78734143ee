// SPDX-License-Identifier: MIT
// Firms: enterprises, brokers, carriers, known by their tax code.

import { api } from '../base/api.js';
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { ask, askToEnd } from './ask.js';
import { act, head, list, moment, search, standing } from './list.js';
import { addUser, issueKey } from './people.js';

async function add() {
  return ask({ title: t('admin.firms.add'), go: t('admin.add'),
    fields: [
      { name: 'tax_code', label: t('admin.tax_code'), required: true, hint: t('admin.tax_code.rule'),
        props: { inputmode: 'numeric', maxlength: 20 } },
      { name: 'name', label: t('admin.name'), required: true, props: { maxlength: 200 } },
    ],
    send: (body, key) => api('POST', '/v1/firms', { body, key }) });
}

function end(firm) {
  return askToEnd({ title: firm.name, text: t('admin.firms.end'), go: t('admin.disable'),
    send: (body, key) => api('POST', `/v1/firms/${firm.id}/disable`, { body, key }) });
}

function show({ changed }) {
  let q = null;
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const holder = (firm) => ({ principal: firm.principal, name: firm.name, isFirm: true });
  const table = list({ caption: t('admin.firms'), isOver: (firm) => firm.disabled_at,
    load: async (after) => (await api('GET', '/v1/firms', { query: { after, q } })).body,
    columns: [
      { title: t('admin.tax_code'), kind: 'digits', show: (firm) => firm.tax_code },
      { title: t('admin.name'), show: (firm) => firm.name },
      { title: t('admin.state'), kind: 'plain', show: (firm) => standing(firm.disabled_at) },
      { title: t('admin.created'), kind: 'plain', show: (firm) => moment(firm.created_at) },
      { title: '', kind: 'acts', show: (firm) => !firm.disabled_at && h('div', { class: 'row' },
        act(t('admin.user.new'), async () => done(await addUser(holder(firm)))),
        act(t('admin.key.new'), async () => done(await issueKey(holder(firm)))),
        act(t('admin.disable'), async () => done(await end(firm)), 'danger')) },
    ] });
  return [head(t('admin.firms'), search(t('admin.firms.find'), (text) => { q = text || null; table.reload(); }),
    act(t('admin.firms.add'), async () => done(await add()), 'main')), table.node];
}

export const firms = { id: 'firms', show, types: ['firm_added', 'firm_disabled'] };
