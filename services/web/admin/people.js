// SPDX-License-Identifier: MIT
// What the sections about people share: a user for somebody, a key for somebody.

import { api } from '../base/api.js';
import { t } from '../base/text.js';
import { ask, showSecret } from './ask.js';

const USER_FIELDS = () => [
  { name: 'user', label: t('admin.user'), required: true, hint: t('admin.user.rule'),
    props: { maxlength: 63, autocapitalize: 'none' } },
  { name: 'name', label: t('admin.person'), required: true, props: { maxlength: 200 } },
];

/** Shows a one-time password. @param {{user: Object, password: string|null, notice?: Object}} made */
export function showPassword(made) {
  return showSecret({ title: made.user.user, text: t('admin.password.once'), secret: made.password,
    notice: made.notice?.text });
}

/**
 * Adds a user for a holder and shows the one-time password.
 * @param {{principal: number, name: string, isFirm?: boolean}} holder
 * @returns {Promise<boolean>} whether there is one more
 */
export async function addUser(holder) {
  const fields = USER_FIELDS();
  if (!holder.isFirm) fields[1].value = holder.name;
  const made = await ask({ title: t('admin.user.add', { name: holder.name }), go: t('admin.add'), fields,
    send: async (body, key) => (await api('POST', '/v1/users',
      { body: { ...body, principal: holder.principal }, key })).body });
  if (!made) return false;
  await showPassword(made);
  return true;
}

/** Issues a key for a holder and shows it. @param {{principal: number, name: string}} holder */
export async function issueKey(holder) {
  const made = await ask({ title: t('admin.key.issue', { name: holder.name }), go: t('admin.key.go'),
    fields: [
      { name: 'device', label: t('admin.key.device'), hint: t('admin.key.device.hint'), props: { maxlength: 40 } },
      { name: 'expires_at', label: t('admin.expires'), type: 'instant', hint: t('admin.key.expires.hint') },
    ],
    send: async (body, key) => (await api('POST', '/v1/keys',
      { body: { ...body, principal: holder.principal }, key })).body });
  if (!made) return false;
  await showSecret({ title: t('admin.key.made'), text: t('admin.key.once'), secret: made.secret,
    notice: made.notice?.text });
  return true;
}
