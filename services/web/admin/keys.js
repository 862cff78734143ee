// SPDX-License-Identifier: MIT
// Access keys of firms, officers and systems.

import { api } from '../base/api.js';
import { h } from '../base/dom.js';
import { number } from '../base/format.js';
import { t } from '../base/text.js';
import { askToEnd } from './ask.js';
import { act, head, list, moment, standing } from './list.js';

function end(key) {
  return askToEnd({ title: key.prefix, text: t('admin.keys.end'), go: t('admin.revoke'),
    send: (body, once) => api('POST', `/v1/keys/${key.id}/revoke`, { body, key: once }) });
}

/* An expiry is an end, too. */
const endOf = (key) => key.revoked_at ??
  (key.expires_at && new Date(key.expires_at) < new Date() ? key.expires_at : null);

function show({ changed }) {
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const table = list({ caption: t('admin.keys'), isOver: endOf,
    load: async (after) => (await api('GET', '/v1/keys', { query: { after } })).body,
    columns: [
      { title: t('admin.key.prefix'), kind: 'digits', show: (key) => `${key.prefix}…` },
      { title: t('admin.holder'), show: (key) => key.holder },
      { title: t('admin.key.device'), show: (key) => key.device ?? '–' },
      { title: t('admin.state'), kind: 'plain',
        show: (key) => standing(endOf(key), key.revoked_at ? 'admin.revoked' : 'admin.expired') },
      { title: t('admin.last_used'), kind: 'plain', show: (key) => moment(key.last_used_at) },
      { title: t('admin.key.month'), kind: 'number', show: (key) => number(key.days.reduce((all, one) => all + one.requests, 0)) },
      { title: t('admin.expires'), kind: 'plain', show: (key) => moment(key.expires_at) },
      { title: '', kind: 'acts', show: (key) => !endOf(key) && h('div', { class: 'row' },
        act(t('admin.revoke'), async () => done(await end(key)), 'danger')) },
    ] });
  return [head(t('admin.keys')), h('p', { class: 'note' }, t('admin.keys.how')), table.node];
}

export const keys = { id: 'keys', show, types: ['key_issued', 'key_revoked'] };
