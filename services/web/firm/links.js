// SPDX-License-Identifier: MIT
// The driver's link: made, copied, shared, taken back.

import { Problem, api, freshKey } from '../base/api.js';
import { h, replace, toast } from '../base/dom.js';
import { dateTime, plate } from '../base/format.js';
import { t } from '../base/text.js';
import { ask, problemBox } from './parts.js';

/** The link of a crossing, the live one or a new one. @returns {Promise<{url: string|null, expires_at: string}>} */
export async function linkOf(crossing, renew = false) {
  const { body } = await api('POST', `/v1/crossings/${crossing}/link`, { key: freshKey(), retries: 2, body: renew ? { renew: true } : undefined });

  if (body.link.path === null) return linkOf(crossing, true); // made with a key that is gone
  return { ...body.link, url: new URL(body.link.path, location.origin).href };
}

/** Copies a text; where the browser does not let, it is marked to be copied by hand. */
export async function copyText(text, input) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('firm.links.copied'));
  } catch {
    input?.focus();
    input?.select();
    toast(t('firm.links.copy_yourself'));
  }
}

function shown(link, crossing, again) {
  const input = h('input', { type: 'text', readonly: true, value: link.url, class: 'digits', 'aria-label': t('firm.links.title'), onfocus: (event) => event.target.select() });
  const text = t('firm.links.message', { plate: plate(crossing.plate), url: link.url });

  return [input, h('p', { class: 'quiet-text' }, t('firm.links.until', { time: dateTime(link.expires_at) })),
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'main', onclick: () => copyText(link.url, input) }, t('firm.links.copy')),
      navigator.share && h('button', { type: 'button', onclick: () => navigator.share({ text }).catch(() => {}) }, t('firm.links.share')),
      h('a', { class: 'button', href: link.url, target: '_blank', rel: 'noopener' }, t('firm.links.open')),
      h('button', { type: 'button', class: 'quiet', onclick: () => again(true) }, t('firm.links.renew')),
      h('button', { type: 'button', class: 'quiet', onclick: () => revoke(crossing, again) }, t('firm.links.revoke')))];
}

async function revoke(crossing, again) {
  const key = freshKey();
  const done = await ask({ title: t('firm.links.revoke'), go: t('firm.links.revoke'), danger: true, body: h('p', null, t('firm.links.revoke.what')),
    done: async () => {
      try {
        return await api('POST', `/v1/crossings/${crossing.id}/link/revoke`, { key, retries: 2 });
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return true; // it had ended already
        throw error;
      }
    } });

  if (!done) return;
  toast(t('firm.links.revoked'));
  again(null);
}

/** @param {object} crossing @param {boolean} isLive */
export function linkBox(crossing, isLive) {
  const box = h('section', { class: 'card link' });
  let isBusy = false;
  const begin = () => replace(box, h('h3', null, t('firm.links.title')), h('p', null, t('firm.links.what')),
    isLive && h('button', { type: 'button', onclick: () => make(false) }, t('firm.links.make')));
  const make = async (renew) => {
    if (renew === null) return begin();
    if (isBusy) return undefined;
    isBusy = true;
    try {
      const link = await linkOf(crossing.id, renew);
      replace(box, h('h3', null, t('firm.links.title')), h('p', null, t('firm.links.what')), shown(link, crossing, make));
    } catch (error) {
      replace(box, h('h3', null, t('firm.links.title')), problemBox(error, () => make(renew)));
    } finally {
      isBusy = false;
    }
    return undefined;
  };

  begin();
  return box;
}
