// SPDX-License-Identifier: MIT
// Kiosks: browsers at which somebody has set a PIN.

import { api } from '../base/api.js';
import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { askToEnd } from './ask.js';
import { act, head, list, moment, standing } from './list.js';

function end(device) {
  return askToEnd({ title: device.name, text: t('admin.devices.end'), go: t('admin.disable'),
    send: (body, key) => api('POST', `/v1/devices/${device.id}/disable`, { body, key }) });
}

function show({ changed }) {
  const done = (result) => { if (result) { table.reload(); changed(); } };
  const table = list({ caption: t('admin.devices'), isOver: (device) => device.disabled_at,
    load: async (after) => (await api('GET', '/v1/devices', { query: { after } })).body,
    columns: [
      { title: t('admin.name'), kind: 'digits', show: (device) => device.name },
      { title: t('admin.devices.users'), show: (device) => device.users.join(', ') || '–' },
      { title: t('admin.state'), kind: 'plain', show: (device) => standing(device.disabled_at) },
      { title: t('admin.last_used'), kind: 'plain', show: (device) => moment(device.last_used_at) },
      { title: t('admin.created'), kind: 'plain', show: (device) => moment(device.created_at) },
      { title: '', kind: 'acts', show: (device) => !device.disabled_at && h('div', { class: 'row' },
        act(t('admin.disable'), async () => done(await end(device)), 'danger')) },
    ] });
  return [head(t('admin.devices')), table.node];
}

export const devices = { id: 'devices', show, types: ['device_added', 'device_disabled', 'pin_set'] };
