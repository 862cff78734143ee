// SPDX-License-Identifier: MIT
// What happens at a gate, done through the API, so that a screen has something to show.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { GATE } from './browser.mjs';

const KEYS = { firm: 'GATE_FIRM_KEY', firm2: 'GATE_FIRM2_KEY' };
const keyOf = (who) => process.env[KEYS[who] ?? `GATE_TOKEN_${who.toUpperCase()}`];

/** One request as who: 'firm', 'firm2' or a role. Throws what the server says against it. */
export async function send(who, method, path, body) {
  const answer = await fetch(`${GATE}/v1${path}`, { method,
    headers: { Authorization: `Bearer ${keyOf(who)}`, 'Idempotency-Key': randomUUID(),
      ...(body ? { 'Content-Type': 'application/json' } : {}) },
    body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

export const post = (who, path, body) => send(who, 'POST', path, body);

let last = 10000 + Math.floor(Math.random() * 40000);

/** A plate that no other vehicle of this run has. */
export function freshPlate() { return `29C${String(++last).padStart(5, '0')}`; }

/** Declares one vehicle per plate; the answer of the API. */
export async function declare({ gate = 'CKHN', direction = 'export', plates = [freshPlate()],
  hs = '85171300', who = 'firm' } = {}) {
  const serial = String(++last).padStart(7, '0');
  return post(who, '/declarations', { gate, direction,
    planned_arrival: new Date(Date.now() + 1800000).toISOString(),
    customs_declarations: [{ number: `3060${serial}0`, type: 'B11', office: '15BB' }],
    vehicles: plates.map((plate) => ({ plate, nationality: 'VN', class: 'VT6',
      driver: { name: 'Nguyễn Văn An', document: { type: 'cccd', number: '001099000001' },
        phone: '0912345678' } })),
    receiving_vehicles: [],
    goods: [{ hs, description: 'Hàng xuất khẩu', origin: 'VN', quantity: 18, unit: 'TNE',
      packages: 1200, net_weight_kg: 18000, gross_weight_kg: 19500, value: 54000,
      currency: 'USD' }] });
}

/** Declares vehicles for export and brings them into the queue. Their crossings. */
export async function queue(count, { gate = 'CKHN', ...more } = {}) {
  const crossings = [];
  for (let made = 0; made < count; made += 20) {
    const plates = Array.from({ length: Math.min(20, count - made) }, freshPlate);
    crossings.push(...(await declare({ gate, plates, ...more })).crossings);
  }
  await Promise.all(crossings.map(async ({ id }) => {
    await post('customs', `/crossings/${id}/steps`, { step: 'registered', result: 'pass' });
    await post('yard', `/crossings/${id}/steps`, { step: 'yard_in', result: 'pass' });
  }));
  return crossings;
}

/** The next one of the queue is called to a lane. */
export function call(lane, { gate = 'CKHN', direction = 'export' } = {}) {
  return post('operator', `/gates/${gate}/call`, { direction, lane });
}
