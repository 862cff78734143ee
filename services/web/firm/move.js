// SPDX-License-Identifier: MIT
// A declaration goes to the other gate: it is filed anew there and its vehicles keep the time they joined.

import { Problem, api, freshKey } from '../base/api.js';
import { h, replace, toast } from '../base/dom.js';
import { language, t } from '../base/text.js';
import { ask, problemBox } from './parts.js';

const LIVE = new Set(['draft', 'ready', 'in_progress']);
const COME = new Set(['called', 'gate_in']); // who was called, or has come, stays

const othersOf = (declaration, gates) => gates.filter((one) => one.gate !== declaration.gate);

function nameOf(gates, code) {
  return gates.find((one) => one.gate === code)?.names[language()] ?? code;
}

/** Whether it may go as it stands. @param {object} declaration @param {object[]} gates @returns {boolean} */
export function mayMove(declaration, gates) {
  const stays = (one) => one.state !== 'cancelled' && (one.ended_at || one.done.some(({ step }) => COME.has(step)));

  return LIVE.has(declaration.state) && othersOf(declaration, gates).length > 0 && !declaration.crossings.some(stays);
}

/* The same request finishes a move whose answer was lost; one that was refused needs another key. */
async function send(declaration, body, keys) {
  const text = JSON.stringify(body);

  if (keys.sent !== text) Object.assign(keys, { sent: text, key: freshKey() });
  keys.wasTried = true;
  try {
    return (await api('POST', `/v1/declarations/${declaration.number}/move`, { body, key: keys.key, retries: 2 })).body;
  } catch (error) {
    if (error instanceof Problem && error.status < 500) keys.sent = null;
    throw error;
  }
}

function show(moved, gates) {
  toast(t('firm.move.done', { gate: nameOf(gates, moved.gate), number: moved.number }));
  location.hash = `#edit?number=${moved.number}`;
}

function bodyOf(form) {
  const reason = form.elements.reason.value.trim();

  return { gate: form.elements.gate.value, ...(reason && { reason }) };
}

/**
 * Asks, moves and shows the declaration that is filed there.
 * @param {object} declaration
 * @param {{gates: object[], isTyping: boolean, moved: () => void, again: () => void}} options
 *   isTyping: changes were typed that are not filed; moved: it is gone from here, before the other is
 *   shown; again: it was refused or the answer was lost, so that what this page shows may be old
 */
export async function move(declaration, { gates, isTyping, moved, again }) {
  const keys = {};
  const option = (one) => h('option', { value: one.gate }, nameOf(gates, one.gate));
  const there = await ask({ title: t('firm.move.title', { number: declaration.number }), go: t('firm.move.go'),
    body: [h('label', { class: 'field' }, h('span', null, t('firm.move.to')), h('select', { name: 'gate' }, othersOf(declaration, gates).map(option))),
      h('ul', null, ['anew', 'kept', 'steps', 'links'].map((one) => h('li', null, t(`firm.move.what.${one}`)))),
      isTyping && h('p', { class: 'note' }, t('firm.move.unfiled')),
      h('label', { class: 'field' }, h('span', null, t('firm.reason')), h('input', { name: 'reason', maxlength: 500 }))],
    done: (form) => send(declaration, bodyOf(form), keys) });

  if (there) {
    moved();
    show(there, gates);
  } else if (keys.wasTried) {
    again();
  }
}

/* It has left this gate; whether it has arrived only the other one knows: asked again, it is finished. */
function leftBox(declaration, gates) {
  const trouble = h('div', null);
  const button = h('button', { type: 'button', onclick: async () => {
    if (button.hasAttribute('aria-busy')) return;
    button.setAttribute('aria-busy', 'true');
    replace(trouble);
    try {
      show(await send(declaration, { gate: declaration.moved_to }, {}), gates);
    } catch (error) {
      replace(trouble, problemBox(error));
    } finally {
      button.removeAttribute('aria-busy');
    }
  } }, t('firm.move.follow'));

  return h('div', { class: 'card look moved' }, h('p', null, t('firm.move.left', { gate: nameOf(gates, declaration.moved_to) })), button, trouble);
}

function cameBox(declaration, gates) {
  const ids = declaration.crossings.filter((one) => one.pass && !one.pass.revoked).map((one) => one.id);

  return h('div', { class: 'card look moved' }, h('p', null, t('firm.move.came', { gate: nameOf(gates, declaration.gate) }), ' ',
    h('a', { href: `#edit?number=${declaration.moved_from}` }, t('firm.vehicle.declaration', { number: declaration.moved_from }))),
  LIVE.has(declaration.state) && ids.length > 0 && h('div', { class: 'row' },
    h('a', { class: 'button main', href: `#passes?ids=${ids.join('.')}` }, t('firm.passes.print'))));
}

/** Where it went to or came from; null: neither. @param {object} declaration @param {object[]} gates */
export function movedBox(declaration, gates) {
  if (declaration.moved_to) return leftBox(declaration, gates);
  return declaration.moved_from ? cameBox(declaration, gates) : null;
}
