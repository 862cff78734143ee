// SPDX-License-Identifier: MIT
// Users: who signs in with a browser, for a firm or as an officer.

import { api } from '../base/api.js';
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { ask, askToEnd } from './ask.js';
import { act, head, list, moment, search, standing } from './list.js';
import { showPassword } from './people.js';

async function reset(user) {
  const made = await ask({ title: user.user, text: t('admin.password.reset.text'), go: t('admin.password.reset'),
    fields: [{ name: 'reason', label: t('admin.reason'), type: 'note', props: { maxlength: 500 } }],
    send: async (body, key) => (await api('POST', `/v1/users/${user.id}/password`, { body, key })).body });
  if (!made) return false;
  await showPassword(made);
  return true;
}

function end(user) {
  return askToEnd({ title: user.user, text: t('admin.users.end'), go: t('admin.disable'),
    send: (body, key) => api('POST', `/v1/users/${user.id}/disable`, { body, key }) });
}

function part(user) {
  return [t(`admin.role.${user.role}`), user.agency && ` · ${word('agency', user.agency)}`];
}

function stateOf(user) {
  if (user.disabled_at || !user.must_change) return standing(user.disabled_at);
  return h('span', { class: 'state look' }, `▲ ${t('admin.password.given')}`);
}

function show({ changed }) {
  let q = null;
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const table = list({ caption: t('admin.users'), isOver: (user) => user.disabled_at,
    load: async (after) => (await api('GET', '/v1/users', { query: { after, q } })).body,
    columns: [
      { title: t('admin.user'), kind: 'digits', show: (user) => user.user },
      { title: t('admin.person'), show: (user) => user.name },
      { title: t('admin.role'), show: part },
      { title: t('admin.state'), kind: 'plain', show: stateOf },
      { title: t('admin.signed_in'), kind: 'plain', show: (user) => moment(user.last_signed_in_at) },
      { title: '', kind: 'acts', show: (user) => !user.disabled_at && h('div', { class: 'row' },
        act(t('admin.password.reset'), async () => done(await reset(user))),
        act(t('admin.disable'), async () => done(await end(user)), 'danger')) },
    ] });
  return [head(t('admin.users'), search(t('admin.users.find'), (text) => { q = text || null; table.reload(); })),
    h('p', { class: 'note' }, t('admin.users.how')), table.node];
}

export const users = { id: 'users', show,
  types: ['user_added', 'user_disabled', 'password_set', 'password_changed', 'user_locked',
    'address_locked', 'sign_in_failed', 'signed_in', 'signed_out'] };
