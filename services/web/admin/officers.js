// SPDX-License-Identifier: MIT
// Officers, agencies' systems, operators, supervisors, administrators.

import { api } from '../base/api.js';
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { ask, askToEnd } from './ask.js';
import { act, head, list, standing } from './list.js';
import { addUser, issueKey } from './people.js';

const ROLES = ['officer', 'system', 'operator', 'supervisor', 'admin'];
const AGENCIES = ['customs', 'border_guard', 'health', 'plant', 'animal', 'licence', 'centre', 'yard'];

async function add() {
  const { body: { items: gates } } = await api('GET', '/v1/gates');
  return ask({ title: t('admin.officers.add'), go: t('admin.add'),
    fields: [
      { name: 'name', label: t('admin.name'), required: true, props: { maxlength: 200 } },
      { name: 'role', label: t('admin.role'), type: 'select', required: true,
        options: ROLES.map((role) => [role, t(`admin.role.${role}`)]) },
      { name: 'agency', label: t('admin.agency'), type: 'select', hint: t('admin.agency.hint'),
        options: [['', '–'], ...AGENCIES.map((agency) => [agency, word('agency', agency)])] },
      { name: 'gates', label: t('admin.gates'), type: 'checks', value: gates.map((gate) => gate.gate),
        options: gates.map((gate) => [gate.gate, gate.gate]) },
    ],
    send: (body, key) => api('POST', '/v1/officers', { body, key }) });
}

function end(officer) {
  return askToEnd({ title: officer.name, text: t('admin.officers.end'), go: t('admin.disable'),
    send: (body, key) => api('POST', `/v1/officers/${officer.id}/disable`, { body, key }) });
}

function filter(name, codes, words, choose) {
  return h('select', { 'aria-label': name, onchange: (event) => choose(event.target.value || null) },
    h('option', { value: '' }, `${name}: ${t('admin.all')}`),
    codes.map((code) => h('option', { value: code }, words(code))));
}

function show({ changed }) {
  const query = { role: null, agency: null };
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const holder = (officer) => ({ principal: officer.id, name: officer.name });
  const table = list({ caption: t('admin.officers'), isOver: (one) => one.disabled_at,
    load: async (after) => (await api('GET', '/v1/officers', { query: { after, ...query } })).body,
    columns: [
      { title: t('admin.name'), show: (one) => one.name },
      { title: t('admin.role'), show: (one) => t(`admin.role.${one.role}`) },
      { title: t('admin.agency'), show: (one) => (one.agency ? word('agency', one.agency) : '–') },
      { title: t('admin.gates'), kind: 'plain', show: (one) => one.gates.join(', ') || '–' },
      { title: t('admin.state'), kind: 'plain', show: (one) => standing(one.disabled_at) },
      { title: '', kind: 'acts', show: (one) => !one.disabled_at && one.id > 0 && h('div', { class: 'row' },
        one.role !== 'system' && act(t('admin.user.new'), async () => done(await addUser(holder(one)))),
        act(t('admin.key.new'), async () => done(await issueKey(holder(one)))),
        act(t('admin.disable'), async () => done(await end(one)), 'danger')) },
    ] });
  const choose = (name) => (value) => { query[name] = value; table.reload(); };
  return [head(t('admin.officers'),
    filter(t('admin.role'), ROLES, (role) => t(`admin.role.${role}`), choose('role')),
    filter(t('admin.agency'), AGENCIES, (agency) => word('agency', agency), choose('agency')),
    act(t('admin.officers.add'), async () => done(await add()), 'main')), table.node];
}

export const officers = { id: 'officers', show, types: ['officer_added', 'officer_disabled'] };
