// SPDX-License-Identifier: MIT
// Trucks for the tests of the firm's and the driver's screens: filed and moved over the API.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { GATE } from './browser.mjs';

let count = Math.floor(Math.random() * 9e8) + 1e8;

/** A plate that no test had before. */
export function freshPlate() {
  count++;
  return `29${'CDHKLM'[count % 6]}${String(count).slice(-5)}`;
}

/** A customs number that no test had before. */
export function freshCustoms(first = '3') {
  count++;
  return `${first}0${String(count).padStart(10, '0').slice(-10)}`;
}

/** The API with a role's key. */
export async function call(role, method, path, body, headers = {}) {
  const key = process.env[role === 'FIRM' || role === 'FIRM2' ? `GATE_${role}_KEY` : `GATE_TOKEN_${role}`];
  const answer = await fetch(GATE + path, { method, headers: { Authorization: `Bearer ${key}`, 'Idempotency-Key': randomUUID(),
    ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers }, body: body && JSON.stringify(body) });
  return { status: answer.status, body: await answer.json(), etag: answer.headers.get('ETag') };
}

/** An empty truck for export, filed by the first firm. */
export async function fileTruck(plate = freshPlate(), more = {}) {
  const { status, body } = await call('FIRM', 'POST', '/v1/declarations', { gate: 'CKHN', direction: 'export',
    planned_arrival: new Date(Date.now() + 7200e3).toISOString(),
    vehicles: [{ plate, driver: { name: 'Nguyễn Văn An', document: { type: 'cccd', number: '001099000001' } } }], ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return { number: body.number, id: body.crossings[0].id, plate };
}

/** One step of an agency. */
export async function confirm(role, id, step, more = {}) {
  const { status, body } = await call(role, 'POST', `/v1/crossings/${id}/steps`, { step, result: 'pass', ...more });
  assert.equal(status, 201, JSON.stringify(body));
}

/** Into the queue. */
export async function queue(id) {
  await confirm('CUSTOMS', id, 'registered');
  await confirm('YARD', id, 'yard_in');
}

/** How many declarations of the firm have this plate. */
export async function filedWith(plate) {
  const { body } = await call('FIRM', 'GET', `/v1/declarations?plate=${plate}`);
  return body.items.length;
}
