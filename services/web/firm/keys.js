// SPDX-License-Identifier: MIT
// Keys for the firm's own programs: made and shown once, when they were used last, taken back.

import { api, freshKey } from '../base/api.js';
import { h, replace, toast } from '../base/dom.js';
import { dateTime } from '../base/format.js';
import { t } from '../base/text.js';
import { copyText } from './links.js';
import { ask, problemBox } from './parts.js';
import { usageBox } from './usage.js';

const LIVE_MOST = 2;

const isLive = (key, nowMs) => !key.revoked_at && (!key.expires_at || Date.parse(key.expires_at) > nowMs);

class Keys {
  constructor(host) {
    this.host = host;
  }

  async start() {
    this.fresh = h('div');
    this.list = h('div', { class: 'list' });
    replace(this.host, h('h2', null, t('firm.menu.keys')), h('p', null, t('firm.keys.what'), ' ', h('a', { href: '/docs' }, t('firm.keys.docs'))), this.fresh, this.list);
    await this.load();
  }

  async load() {
    try {
      const keys = [];
      let after = null;
      do {
        const { body } = await api('GET', '/v1/firm/keys', { query: { after, limit: 200 } });
        keys.push(...body.items);
        after = body.next;
      } while (after);
      this.show(keys.reverse());
    } catch (error) {
      replace(this.list, problemBox(error, () => this.load()));
    }
  }

  show(keys) {
    const now = Date.now();
    const live = keys.filter((key) => isLive(key, now)).length;
    const titles = ['prefix', 'device', 'issued', 'used', 'expires', 'state'];

    replace(this.list, h('div', { class: 'row' }, h('button', { type: 'button', class: 'main', disabled: live >= LIVE_MOST, onclick: () => this.make() }, t('firm.keys.make')),
      live >= LIVE_MOST && h('span', { class: 'quiet-text' }, t('firm.keys.full'))),
    keys.length === 0 ? h('p', { class: 'card' }, t('firm.keys.none')) :
      h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('firm.menu.keys') }, h('table', { class: 'stack' },
        h('thead', null, h('tr', null, titles.map((one) => h('th', { scope: 'col' }, t(`firm.keys.${one}`))))), h('tbody', null, keys.map((key) => this.row(key, now))))),
    usageBox(keys, now));
  }

  row(key, now) {
    const cell = (label, ...children) => h('td', { dataset: { label: t(`firm.keys.${label}`) } }, children);
    const live = isLive(key, now);

    return h('tr', null, h('th', { scope: 'row', class: 'digits' }, `${key.prefix}…`), cell('device', key.device ?? '–'), cell('issued', dateTime(key.issued_at)),
      cell('used', key.last_used_at ? dateTime(key.last_used_at) : t('firm.keys.never')), cell('expires', key.expires_at ? dateTime(key.expires_at) : '–'),
      cell('state', live ? h('button', { type: 'button', onclick: () => this.revoke(key) }, t('firm.keys.revoke')) : h('span', { class: 'state' }, t(key.revoked_at ? 'firm.keys.revoked' : 'firm.keys.expired'))));
  }

  async make() {
    const request = freshKey();
    const made = await ask({ title: t('firm.keys.make'), go: t('firm.keys.make'),
      body: h('label', { class: 'field' }, h('span', null, t('firm.keys.device')), h('input', { name: 'device', maxlength: 40, autocomplete: 'off', pattern: '[A-Za-z0-9._-]*', 'aria-describedby': 'device-hint' }),
        h('span', { class: 'hint', id: 'device-hint' }, t('firm.keys.device_hint'))),
      done: async (form) => {
        const device = form.elements.device.value.trim();
        if (device && !/^[A-Za-z0-9._-]+$/.test(device)) {
          form.elements.device.setAttribute('aria-invalid', 'true');
          form.querySelector('.error').textContent = t('firm.keys.device_hint');
          form.elements.device.focus();
          throw Object.assign(new Error('shown'), { name: 'Shown' });
        }
        return (await api('POST', '/v1/firm/keys', { key: request, retries: 2, body: device ? { device } : {} })).body;
      } });

    if (!made) return;
    this.showSecret(made);
    this.load();
  }

  // Once: it is nowhere else, not even here after a reload.
  showSecret(made) {
    if (!made.secret) {
      replace(this.fresh, h('p', { class: 'note', role: 'alert' }, made.notice?.text ?? t('firm.keys.lost')));
      return;
    }
    const input = h('input', { type: 'text', readonly: true, class: 'digits', value: made.secret, 'aria-label': t('firm.keys.secret') });
    replace(this.fresh, h('div', { class: 'card look', role: 'status' }, h('h3', null, t('firm.keys.secret')), h('p', null, t('firm.keys.once')), input,
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'main', onclick: () => copyText(made.secret, input) }, t('firm.links.copy')),
        h('button', { type: 'button', onclick: () => replace(this.fresh) }, t('firm.keys.kept')))));
    input.focus();
    input.select();
  }

  async revoke(key) {
    const request = freshKey();
    const done = await ask({ title: t('firm.keys.revoke_title', { key: `${key.prefix}…` }), go: t('firm.keys.revoke'), danger: true, body: h('p', null, t('firm.keys.revoke_what')),
      done: () => api('POST', `/v1/firm/keys/${key.id}/revoke`, { key: request, retries: 2, body: {} }) });

    if (!done) return;
    toast(t('firm.keys.revoked'));
    this.load();
  }
}

/** @param {Element} host */
export function keysView(host) {
  return new Keys(host).start();
}
