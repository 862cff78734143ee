// SPDX-License-Identifier: MIT
// Plays vehicles through a gate over the API, at the times one says (Gate-Time): days are made in
// seconds. Times of one gate only go forward.
import assert from 'node:assert/strict';

const GATE = process.env.GATE_URL;
const AGENCY = { registered: 'CUSTOMS', gate_in: 'BORDER_GUARD', health: 'HEALTH', licence: 'LICENCE',
  yard_in: 'YARD', plant: 'PLANT', animal: 'ANIMAL', fee_paid: 'CENTRE', customs_finish: 'CUSTOMS',
  border_guard_finish: 'BORDER_GUARD', exit: 'BORDER_GUARD' };
const HS = { perishable: '08106000', frozen_live: '02071400', electronics: '85171300', general: '25232990' };
const TO_QUEUE = { export: ['registered', 'yard_in'], import: ['registered', 'gate_in', 'health', 'licence', 'yard_in'] };
const QUARANTINE = { perishable: ['plant'], frozen_live: ['animal'] };

let last = 0;
const key = () => `play-${process.pid}-${++last}`;

/** An instant of a day in Hanoi. @param {string} day YYYY-MM-DD @param {string|number} when '08:30', or minutes */
export function at(day, when) {
  const minutes = typeof when === 'number' ? when : Number(when.slice(0, 2)) * 60 + Number(when.slice(3, 5));
  const two = (n) => String(n).padStart(2, '0');
  return `${day}T${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}:00+07:00`;
}

/** One request with a role's key; fails unless it ends well. */
export async function ask(role, method, path, body, time, options = {}) {
  const token = process.env[role === 'FIRM' || role === 'FIRM2' ? `GATE_${role}_KEY` : `GATE_TOKEN_${role}`];
  const answer = await fetch(GATE + path, { method, headers: { Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json', 'Idempotency-Key': key(), 'Accept-Language': 'en', ...(time && { 'Gate-Time': time }) },
  body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!options.any) assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** @returns {Promise<{id: string, plate: string}>} */
export async function step(crossing, name, time, more = {}) {
  const answer = await ask(AGENCY[name], 'POST', `/v1/crossings/${crossing.id}/steps`, { step: name, result: 'pass', ...more }, time);
  return Object.assign(crossing, answer.crossing);
}

/** Files vehicles of one kind. @returns {Promise<Object[]>} their crossings */
export async function file({ gate = 'CKHN', direction = 'export', goods = 'perishable', plates, time }) {
  const body = { gate, direction, planned_arrival: time,
    customs_declarations: [{ number: direction === 'export' ? '306012345670' : '106012345675', type: direction === 'export' ? 'B11' : 'A11', office: '15BB' }],
    vehicles: plates.map((plate, i) => ({ plate, driver: { name: 'Nguyễn Văn Lái', document: { type: 'cccd', number: `0010990${String(i).padStart(5, '0')}` } } })),
    goods: HS[goods] ? [{ hs: HS[goods], description: goods, origin: 'VN', quantity: 18, unit: 'TNE', net_weight_kg: 18000, gross_weight_kg: 19500, value: 54000, currency: 'USD' }] : [] };
  const answer = await ask('FIRM', 'POST', '/v1/declarations', body, time);
  return answer.crossings.map((one) => ({ ...one, gate, direction, goods }));
}

/** Up to the queue. */
export async function join(crossing, time) {
  for (const name of TO_QUEUE[crossing.direction]) await step(crossing, name, time);
  return crossing;
}

/** The first of the queue to a lane; null when nobody waits. */
export async function call(gate, lane, direction, time) {
  const answer = await ask('OPERATOR', 'POST', `/v1/gates/${gate}/call`, { lane, direction }, time, { any: true });
  return answer.crossing ?? null;
}

/** A called vehicle comes: an export is let in, an import was. */
export async function come(crossing, time) {
  if (crossing.direction === 'export') for (const name of ['gate_in', 'health', 'licence']) await step(crossing, name, time);
}

/** Until both finishes are done. */
export async function clear(crossing, time) {
  for (const name of [...(QUARANTINE[crossing.goods] ?? []), 'fee_paid', 'customs_finish', 'border_guard_finish'])
    await step(crossing, name, time);
  return crossing;
}

export const exit = (crossing, time) => step(crossing, 'exit', time);

/* Plates that no other test uses, of a number each. */
let plates = 0;
export const nextPlate = () => `29H${String(10000 + ++plates)}`;

const PROFILE = { 7: 10, 8: 14, 9: 13, 10: 12, 11: 9, 12: 7, 13: 10, 14: 11, 15: 10, 16: 9, 17: 6, 18: 4, 19: 2 };
const KINDS = [['export', 'perishable'], ['import', 'general'], ['export', 'perishable'], ['import', 'electronics'], ['import', 'general'], ['export', 'frozen_live']];

/**
 * A day of one gate, of about 120 vehicles times size: arrivals by hour, calls to the lanes every ten minutes.
 * @param {{gate: string, day: string, until: string, size: number, calls: number, lanes?: [number, string][], slow?: number, known?: Map}} options
 *   calls: vehicles called in ten minutes to each of lanes; slow: how much longer each is inside;
 *   known: vehicles of earlier days; isWhole: in the end all leave that are inside
 */
export async function playDay({ gate, day, until, size, calls, lanes = [[1, 'export'], [1, 'import']], slow = 1, known = new Map(), isWhole = false }) {
  const inside = [];
  const end = Number(until.slice(0, 2)) * 60 + Number(until.slice(3));
  let due = 0, kind = 0;
  for (let minute = 420; minute < end; minute += 10) {
    const time = at(day, minute);
    due += (PROFILE[Math.floor(minute / 60)] ?? 0) * size / 6;
    const [direction, goods] = KINDS[kind++ % KINDS.length];
    const count = Math.floor(due);
    due -= count;
    if (count) {
      const filed = await file({ gate, direction, goods, plates: Array.from({ length: count }, nextPlate), time });
      await Promise.all(filed.map((one) => { known.set(one.id, one); return join(one, time); }));
    }
    for (const [lane, way] of lanes)
      for (let i = 0; i < calls; i++) {
        const called = await call(gate, lane, way, time);
        if (called) inside.push({ crossing: known.get(called.id), comes: minute + 10, leaves: minute + 30 * slow + (inside.length % 4) * 10 });
      }
    await Promise.all(inside.filter((one) => one.comes === minute).map((one) => come(one.crossing, time)));
    await Promise.all(inside.filter((one) => one.leaves === minute).map((one) => clear(one.crossing, time)));
    const leaving = inside.filter((one) => one.leaves + 10 * slow <= minute);
    await Promise.all(leaving.map((one) => exit(one.crossing, time)));
    for (const one of leaving) inside.splice(inside.indexOf(one), 1);
  }
  if (isWhole)
    for (const one of inside) {
      if (one.comes >= end) await come(one.crossing, at(day, end));
      if (one.leaves >= end) await clear(one.crossing, at(day, end));
      await exit(one.crossing, at(day, end));
    }
  return { known, inside };
}
