// SPDX-License-Identifier: MIT
// with-service: none
// The parts of the operators' screen that are only arithmetic: alarms by symptom, tables as CSV.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { alarmsOf } from '../../services/web/ops/alarms.js';
import { csvOf } from '../../services/web/ops/csv.js';
import { LIMITS } from '../../services/web/ops/limits.js';

const AT = '2026-11-23T14:00:00.000+07:00';
const before = (minutes) => new Date(Date.parse(AT) - minutes * 60000).toISOString();
const line = (total, by_class = {}, held = 0, delayed = 0) => ({ total, held, delayed, by_class });
const wait = (p90_s) => ({ p50_s: Math.round(p90_s / 2), p90_s });

/* A gate where all is well; what a case changes. */
function gate(more = {}) {
  return { gate: 'CKHN', at: AT, in_queue: { export: line(0), import: line(0) }, today: { exits: 100, target: 800 },
    rates: { arrivals_per_hour: 10, clearances_per_hour: 10 }, waits: { export: wait(600), import: wait(600) },
    projected_finish: { stock: 0, at: null, closes_at: before(-360), before_closing: true },
    promises: { count: 0, inside: 0, within_p90: 0 }, yards: [], lanes: [], oldest_perishable: null,
    inside: { total: 0, oldest_at: null, by_state: {} },
    far_side: { taken_per_hour: 5, p50_s: 300, before: { taken_per_hour: 5, p50_s: 300 }, cleared_waiting: 0, oldest_cleared_s: null },
    trouble: { last_exit_at: before(3), opened_at: before(400), no_shows_per_hour: 0, conflicts_open: 0, grace_over: 0 }, ...more };
}
const lane = (more = {}) => ({ lane: 1, open: true, directions: ['export'], classes: null, serving: null, changed_at: null,
  last_call_at: before(5), ...more });
const fruit = (minutes) => line(1, { perishable: { waiting: 1, oldest_joined_at: before(minutes), oldest_waited_s: minutes * 60 } });
const found = (stats) => alarmsOf(stats).map((one) => `${one.level} ${one.key.slice(10)}`);

test('a gate where all is well has no alarm', () => assert.deepEqual(found(gate()), []));

test('slower than they arrive and not done before closing stops; late alone is to be looked at', () => {
  const late = { stock: 60, at: before(-500), closes_at: before(-360), before_closing: false };
  assert.deepEqual(found(gate({ projected_finish: late, rates: { arrivals_per_hour: 30, clearances_per_hour: 20 } })), ['stop not_done']);
  assert.deepEqual(found(gate({ projected_finish: late })), ['look late_finish']);
});

test('where nothing closes, falling behind is told from a margin on', () => {
  const open = { stock: LIMITS.behindStock, at: before(-90), closes_at: null, before_closing: true };
  const rates = (behind) => ({ arrivals_per_hour: 20 + behind, clearances_per_hour: 20 });
  assert.deepEqual(found(gate({ projected_finish: open, rates: rates(LIMITS.behindPerHour) })), ['look behind']);
  assert.deepEqual(found(gate({ projected_finish: open, rates: rates(LIMITS.behindPerHour - 1) })), []);
});

test('an open lane that calls nobody while somebody waits for it is told, and from when on', () => {
  const waiting = { export: fruit(60), import: line(0) };
  assert.deepEqual(found(gate({ in_queue: waiting, lanes: [lane({ last_call_at: before(16) })] })), ['look lane_idle']);
  assert.deepEqual(found(gate({ in_queue: waiting, lanes: [lane()] })), [], 'it called five minutes ago');
  assert.deepEqual(found(gate({ in_queue: waiting, lanes: [lane({ last_call_at: null, changed_at: before(2) })] })), [], 'it was opened just now');
  assert.deepEqual(found(gate({ in_queue: { export: fruit(3), import: line(0) }, lanes: [lane({ last_call_at: null })] })), [], 'who waits came just now');
  assert.deepEqual(found(gate({ in_queue: waiting, lanes: [lane({ last_call_at: before(16), classes: ['general'] })] })), [], 'it takes other goods');
  assert.deepEqual(found(gate({ in_queue: waiting, lanes: [lane({ last_call_at: before(16) })],
    trouble: { ...gate().trouble, opened_at: null } })), [], 'the gate is closed');
});

test('a direction without an open lane stops', () => {
  assert.deepEqual(found(gate({ in_queue: { export: fruit(5), import: line(0) }, lanes: [lane({ open: false })] })), ['stop no_lane']);
});

test('no exit while somebody is inside, counted from the opening', () => {
  const inside = { total: 3, oldest_at: before(60), by_state: { at_gate: 3 } };
  const trouble = (last, opened) => ({ ...gate().trouble, last_exit_at: last, opened_at: opened });
  assert.deepEqual(found(gate({ inside, trouble: trouble(before(21), before(400)) })), ['stop no_exit']);
  assert.deepEqual(found(gate({ inside, trouble: trouble(before(900), before(10)) })), [], 'open for ten minutes');
  assert.deepEqual(found(gate({ trouble: trouble(before(21), before(400)) })), [], 'nobody is inside');
  assert.deepEqual(found(gate({ inside: { ...inside, oldest_at: before(5) }, trouble: trouble(null, before(900)) })), [], 'they came just now');
});

test('a yard nearly full is to be looked at, a full one stops', () => {
  const yard = (occupied) => [{ yard: 'X', name: 'Bãi X', capacity: 450, occupied }];
  assert.deepEqual(found(gate({ yards: yard(404) })), []);
  assert.deepEqual(found(gate({ yards: yard(405) })), ['look yard_nearly']);
  assert.deepEqual(found(gate({ yards: yard(450) })), ['stop yard_full']);
});

test('perishable goods: four hours are to be looked at, eight stop', () => {
  const oldest = (hours) => ({ oldest_perishable: { crossing: '01000000000001', plate: '29C12345', waited_s: hours * 3600 } });
  assert.deepEqual(found(gate(oldest(3.9))), []);
  assert.deepEqual(found(gate(oldest(4))), ['look perishable']);
  assert.deepEqual(found(gate(oldest(8))), ['stop perishable']);
});

test('the far side: slower than a week before, or a cleared vehicle that stands', () => {
  const far = (more) => ({ far_side: { ...gate().far_side, ...more } });
  assert.deepEqual(found(gate(far({ p50_s: 450 }))), ['look far_side_slow']);
  assert.deepEqual(found(gate(far({ p50_s: 449 }))), []);
  assert.deepEqual(found(gate(far({ p50_s: 900, taken_per_hour: 2 }))), [], 'too few to judge');
  assert.deepEqual(found(gate(far({ cleared_waiting: 2, oldest_cleared_s: 3600 }))), ['look far_side_stands']);
});

test('no-shows, conflicts, promises that are not kept, long waits', () => {
  const trouble = { ...gate().trouble, no_shows_per_hour: 5, conflicts_open: 1 };
  assert.deepEqual(found(gate({ trouble })), ['look no_shows', 'look conflicts']);
  assert.deepEqual(found(gate({ promises: { count: 50, inside: 20, within_p90: 39 } })), ['look promises']);
  assert.deepEqual(found(gate({ promises: { count: 19, inside: 0, within_p90: 0 } })), [], 'too few to judge');
  assert.deepEqual(found(gate({ waits: { export: wait(22000), import: wait(600) }, in_queue: { export: line(3), import: line(0) },
    lanes: [lane()] })), ['look wait']);
});

test('the worst stands first', () => {
  assert.deepEqual(found(gate({ yards: [{ yard: 'X', name: 'X', capacity: 10, occupied: 10 }],
    trouble: { ...gate().trouble, conflicts_open: 1 } })), ['stop yard_full', 'look conflicts']);
});

test('CSV: quotes, lists, nothing, and no cell that a spreadsheet would run', () => {
  assert.equal(csvOf(['a', 'b'], [['x, "y"', null], [1.5, ['p', 'q']], ['=SUM(A1)', '-1'], [-1, 'dòng\nhai']]),
    '\ufeffa,b\r\n"x, ""y""",\r\n1.5,p; q\r\n\'=SUM(A1),\'-1\r\n-1,"dòng\nhai"\r\n');
});
