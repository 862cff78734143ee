// SPDX-License-Identifier: MIT
// Sends what waits: each confirmation once, under the session of the officer who made it, in the
// order in which they were made. One tab at a time sends.
import { Problem } from '../base/api.js';

const BATCH = 100;
const TIMEOUT_MS = 20_000;
/** Answers that say "not now": the item goes on waiting. */
export const PASSING = new Set(['retry', 'database_lost', 'database_timeout', 'overloaded', 'draining',
  'rate_limited', 'internal']);

/** @param {import('./outbox.js').Item} item */
function asSent(item) {
  const body = { crossing: item.crossing, step: item.step, result: item.result, lane: item.lane,
    occurred_at: item.at, offline: true, nonce: item.nonce };
  if (item.note) body.note = item.note;
  if (item.channel) body.channel = item.channel;
  return body;
}

/** @param {import('./outbox.js').Outbox} outbox @param {import('./outbox.js').Item} item @param {any} given */
async function settle(outbox, item, given) {
  const answer = { status: given.status, event: given.event, conflict: given.conflict, code: given.code,
    text: given.errors?.[0]?.text ?? given.title };
  if (given.status < 300) await outbox.settle(item.seq, 'sent', answer);
  else if (PASSING.has(given.code)) await outbox.release(item.seq);
  else await outbox.settle(item.seq, 'refused', answer);
}

/** @param {import('./outbox.js').Outbox} outbox @param {import('./outbox.js').Item[]} items @param {typeof import('../base/api.js').api} ask */
async function sendBatch(outbox, items, ask) {
  const taken = [];
  for (const item of items) if (await outbox.take(item.seq, Date.now())) taken.push(item);
  if (!taken.length) return;
  try {
    const { body } = await ask('POST', '/v1/steps',
      { body: { items: taken.map(asSent) }, timeoutMs: TIMEOUT_MS });
    for (const given of body.items) {
      const item = taken.find((one) => one.nonce === given.nonce);
      if (item) await settle(outbox, item, given);
    }
  } catch (error) {
    for (const item of taken) await outbox.release(item.seq);
    throw error;
  }
}

/** A supervisor's confirmation is sent by itself, as it was tried first: many at once are agencies'. @param {import('./outbox.js').Outbox} outbox @param {import('./outbox.js').Item} item */
async function sendOne(outbox, item, ask) {
  if (!(await outbox.take(item.seq, Date.now()))) return;
  const body = { step: item.step, result: item.result, lane: item.lane };
  if (item.note) body.note = item.note;
  if (item.override) body.override = true;
  try {
    const given = await ask('POST', `/v1/crossings/${item.crossing}/steps`,
      { body, key: item.nonce, timeoutMs: TIMEOUT_MS });
    await settle(outbox, item, { ...given.body, status: given.status });
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 401) {
      await outbox.release(item.seq);
      throw error;
    }
    await settle(outbox, item, error.body);
  }
}

/**
 * Sends what this officer has waiting.
 * @param {import('./outbox.js').Outbox} outbox
 * @param {{officer: number, isSupervisor: boolean}} who the session's
 * @param {typeof import('../base/api.js').api} ask
 * @returns {Promise<{left: number}>} how many still wait
 * @throws {import('../base/api.js').Offline | Problem}
 */
export async function sendWaiting(outbox, { officer, isSupervisor }, ask) {
  return navigator.locks.request('kiosk-sync', async () => {
    const mine = async () => (await outbox.all()).filter(
      (item) => item.state === 'waiting' && item.officer === officer);
    const items = await mine();
    if (isSupervisor) for (const item of items) await sendOne(outbox, item, ask);
    else for (let i = 0; i < items.length; i += BATCH) await sendBatch(outbox, items.slice(i, i + BATCH), ask);
    return { left: (await mine()).length };
  });
}
