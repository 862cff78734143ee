// SPDX-License-Identifier: MIT
// The verdict without the server: from the signed pass, the list of expected vehicles and what was
// done at this kiosk itself. The questions stand in the server's order (sql/read/scan.sql); what
// cannot be asked offline is named, and nobody is told "go" on a stale list.
//
// Pure: what is known is an argument.
import { platesAgree } from './plate.js';

/** Refusals of a pass, as the server names them. */
const PASS_REFUSALS = {
  forged: 'pass_forged', mismatch: 'pass_forged', truncated: 'pass_truncated', mangled: 'pass_mangled',
  key_unknown: 'pass_key_unknown', key_not_valid: 'pass_expired', expired: 'pass_expired',
  not_yet: 'pass_not_yet', revoked: 'pass_revoked',
};
const CLASSES = ['perishable', 'frozen_live', 'electronics', 'general', 'new_vehicle', 'empty'];

/**
 * @typedef {{crossing: string, plate: string, trailer_plate: string | null, pass_version: number,
 *   state: string, direction: string, role: string, class: string, route: string, lane: number | null,
 *   open: {step: string, agency: string}[], held: {step: string, agency: string}[]}} Expected
 * @typedef {{crossing: string, step: string, result: string, at: string, by: string, lane: number,
 *   gate: string, sent: boolean}} Deed something confirmed at this kiosk
 * @typedef {{code: string, number: number, lane: number, directions: string[], route: string}} Place
 * @typedef {{
 *   scan: {kind: string, value: string}, reading: import('../pass/pass.js').Reading | null,
 *   plate?: string | null, found: Expected[], deeds: Deed[], place: Place,
 *   agency: string | null, supervisor: boolean, steps: {step: string, agency: string, role: string, direction: string}[],
 *   canVerify: boolean, hasKeys: boolean, listAt: string | null,
 *   revocations: {issued: number, expires: number} | null, nowS: number,
 * }} Known
 */

/** What no kiosk can know by itself. @param {Known} known @returns {string[]} */
function unchecked(known) {
  const missing = known.reading?.verdict === 'valid' ? [] : ['signature'];
  if (!known.revocations || known.nowS >= known.revocations.expires) missing.push('revocations_stale');
  return [...missing, 'used_elsewhere', 'held_since', 'hours'];
}

/** @param {Known} known @param {string} verdict @param {string} reason @param {object} [more] @returns {any} */
function answer(known, verdict, reason, more = {}) {
  return {
    verdict, reason, text: null, crossing: null, next: [], others: [], ...more,
    offline: {
      unchecked: unchecked(known), listAt: known.listAt,
      revocationsAt: known.revocations ? known.revocations.issued * 1000 : null,
    },
  };
}

/** @param {Expected} item */
function brief(item) {
  return {
    id: item.crossing, plate: item.plate, state: item.state, class: item.class,
    direction: item.direction, role: item.role, trailer_plate: item.trailer_plate, lane: item.lane,
  };
}

/** What a pass alone says. @param {import('../pass/claims.js').Claims} claims */
function briefOfClaims(claims) {
  return {
    id: String(claims.crossing).padStart(14, '0'), plate: claims.plate, state: null,
    class: CLASSES[claims.class] ?? 'general', direction: claims.direction ? 'export' : 'import',
    role: null, trailer_plate: null, lane: null,
  };
}

/** Why the place is not this crossing's, or null. @param {Known} known @param {{id: string, direction: string, lane: number | null, state: string | null}} crossing @param {string} [route] @returns {string | null} */
function placeRefusal({ place }, crossing, route) {
  if (Number(crossing.id.slice(0, 2)) !== place.number) return 'wrong_gate';
  if (!place.directions.includes(crossing.direction)) return 'wrong_direction';
  if (route && route !== place.route) return 'wrong_route';
  return crossing.state === 'called' && crossing.lane && crossing.lane !== place.lane
    ? 'wrong_lane' : null;
}

const isMine = (known) => (step) => known.supervisor || step.agency === known.agency;

/** The deed of mine that makes this scan a second one. @param {Known} known @param {string} crossing @param {{step: string}[]} open @returns {Deed | undefined} */
function doneBefore(known, crossing, open) {
  const deeds = known.deeds.filter((deed) => deed.crossing === crossing && deed.result === 'pass');
  if (open.some((step) => !deeds.some((deed) => deed.step === step.step))) return undefined;
  return deeds.at(-1);
}

/** The steps an agency has in this crossing's procedure, for what the list does not say. @param {Known} known @param {{direction: string, role: string | null}} crossing */
function ownSteps(known, crossing) {
  const codes = new Set();
  return known.steps.filter((step) => isMine(known)(step) && step.direction === crossing.direction &&
    step.step !== 'called' && (!crossing.role || step.role === crossing.role) &&
    !codes.has(step.step) && codes.add(step.step)).map(({ step, agency }) => ({ step, agency }));
}

/** @param {Known} known @param {object} crossing @param {Deed} deed */
function duplicate(known, crossing, deed) {
  const done = { step: deed.step, at: deed.at, by: deed.by, lane: deed.lane, gate: deed.gate, here: true };
  return answer(known, 'look', 'duplicate_scan', { crossing, done });
}

/** A good pass of a vehicle that the list does not name. @param {Known} known */
function judgeUnlisted(known) {
  const crossing = briefOfClaims(known.reading.claims);
  const refusal = placeRefusal(known, crossing);
  const own = ownSteps(known, crossing);
  const deed = doneBefore(known, crossing.id, own) ??
    known.deeds.findLast((other) => other.crossing === crossing.id && other.result === 'pass');
  if (refusal) return answer(known, 'stop', refusal, { crossing });
  if (deed) return duplicate(known, crossing, deed);
  return answer(known, 'look', 'offline_not_listed', { crossing, choices: own });
}

/** @param {Known} known @param {Expected} item */
function judgeListed(known, item) {
  const crossing = brief(item);
  const mine = item.open.filter(isMine(known));
  const others = item.open.filter((step) => !isMine(known)(step));
  const version = known.reading?.claims?.version;
  const refusal = placeRefusal(known, crossing, item.route);
  const deed = doneBefore(known, crossing.id, mine);
  if (version !== undefined && version < item.pass_version)
    return answer(known, 'stop', 'pass_superseded', { crossing });
  if (item.state === 'draft') return answer(known, 'stop', 'draft', { crossing });
  if (item.held.length) {
    const can = item.held.some(isMine(known));
    return answer(known, can ? 'look' : 'stop', 'crossing_held', {
      crossing, held: item.held, next: can ? mine : [] });
  }
  if (refusal) return answer(known, 'stop', refusal, { crossing, right_route: item.route });
  if (deed) return duplicate(known, crossing, deed);
  const next = mine.filter((step) => !known.deeds.some((other) => other.crossing === crossing.id &&
    other.step === step.step && other.result === 'pass'));
  if (!next.length)
    return answer(known, 'look', 'offline_not_open', { crossing, others, choices: ownSteps(known, crossing) });
  if (!known.revocations || known.nowS >= known.revocations.expires)
    return answer(known, 'look', 'offline_list_stale', { crossing, others, choices: next });
  return answer(known, 'go', 'ok', { crossing, next, others });
}

/** What is wrong with a pass, or null. @param {Known} known */
function passRefusal(known) {
  if (known.scan.kind !== 'pass') return null;
  if (!known.canVerify) return answer(known, 'look', 'offline_no_verifier');
  if (!known.hasKeys) return answer(known, 'look', 'offline_no_keys');
  const { verdict, claims } = known.reading;
  if (verdict === 'valid') return null;
  const believed = claims && verdict !== 'mismatch';
  return answer(known, 'stop', PASS_REFUSALS[verdict],
    { crossing: believed ? briefOfClaims(claims) : null });
}

/** What a number or a plate finds not exactly once. @param {Known} known */
function lookUpRefusal(known) {
  if (known.found.length > 1) {
    return answer(known, 'look', 'several_matches',
      { matches: known.found.map(brief) });
  }
  const code = known.scan.kind === 'plate' ? 'offline_plate_unknown' : 'offline_number_unknown';
  return known.found.length ? null : answer(known, 'look', code);
}

/**
 * The verdict on a scan as far as this kiosk can know it, in the shape of the server's, with `offline`
 * beside it. choices: steps that may be recorded though nobody knows whether they are open.
 * @param {Known} known @returns {any}
 */
export function judge(known) {
  const { scan, reading, plate } = known;
  if (scan.kind === 'unreadable') return answer(known, 'stop', 'scan_unreadable');
  if (scan.kind === 'mangled') return answer(known, 'stop', 'pass_mangled', { cause: scan.cause });
  const isPass = scan.kind === 'pass';
  const refusal = passRefusal(known) ?? (isPass ? null : lookUpRefusal(known));
  if (refusal) return refusal;
  const item = known.found[0];
  const right = item?.plate ?? reading?.claims.plate;
  if (plate && scan.kind !== 'plate' && !platesAgree(right, plate)) {
    return answer(known, 'stop', 'plate_mismatch', {
      crossing: item ? brief(item) : briefOfClaims(reading.claims),
      plates: { pass: right, vehicle: plate } });
  }
  return item ? judgeListed(known, item) : judgeUnlisted(known);
}

/**
 * The expected vehicles a scan may mean. @param {{kind: string, value: string}} scan
 * @param {import('../pass/pass.js').Reading | null} reading @param {Expected[]} list @returns {Expected[]}
 */
export function lookUp(scan, reading, list) {
  if (scan.kind === 'plate') return list.filter((item) => platesAgree(item.plate, scan.value));
  if (scan.kind === 'declaration') return list.filter((item) => item.declaration === scan.value);
  const id = scan.kind === 'pass'
    ? reading?.claims && String(reading.claims.crossing).padStart(14, '0') : scan.value;
  return list.filter((item) => item.crossing === id);
}

/**
 * The server's verdict beside what this kiosk did and has not sent yet: that it cannot know.
 * @param {any} verdict @param {Deed[]} deeds
 */
export function withDeeds(verdict, deeds) {
  const unsent = deeds.filter((deed) => !deed.sent && deed.crossing === verdict.crossing?.id &&
    deed.result === 'pass');
  const next = verdict.next.filter((step) => !unsent.some((deed) => deed.step === step.step));
  if (!unsent.length || next.length === verdict.next.length) return verdict;
  if (next.length) return { ...verdict, next };
  const deed = unsent.at(-1);
  const done = { step: deed.step, at: deed.at, by: deed.by, lane: deed.lane, gate: deed.gate, here: true };
  return { ...verdict, verdict: 'look', reason: 'duplicate_scan', text: null, next: [], done };
}
