// SPDX-License-Identifier: MIT
// What an officer must see of an answer: its kind decides colour, word, shape and sound.

/** @typedef {'go' | 'stop' | 'look' | 'duplicate' | 'mismatch' | 'hold' | 'trouble'} Kind */

const KINDS = {
  duplicate_scan: 'duplicate', already_done: 'duplicate', already_exited: 'duplicate', step_done: 'duplicate',
  plate_mismatch: 'mismatch', trailer_mismatch: 'mismatch',
  crossing_held: 'hold',
  pass_mangled: 'trouble', pass_truncated: 'trouble', scan_unreadable: 'trouble', clock_off: 'trouble',
  offline_no_verifier: 'trouble', offline_no_keys: 'trouble', not_recorded: 'trouble', failed: 'trouble',
};

/** @param {{verdict: string, reason: string}} answer @returns {Kind} */
export function kindOf(answer) {
  return KINDS[answer.reason] ?? /** @type {Kind} */ (answer.verdict);
}

/** The steps to choose from, the first by one key. surest: the first may go by Enter. @param {any} answer @returns {{steps: {step: string, agency: string}[], surest: boolean}} */
export function stepsOf(answer) {
  const next = answer.next ?? [];
  if (next.length) return { steps: next, surest: answer.verdict === 'go' };
  return { steps: answer.choices ?? [], surest: false };
}

/** A refusal of a confirmation, as a verdict of its own. @param {{code: string, text: string, body: any}} problem @param {any} crossing @returns {any} */
export function verdictOfProblem(problem, crossing) {
  const body = problem.body ?? {};
  const verdicts = { step_done: 'look', crossing_held: 'stop', step_not_open: 'look' };
  return {
    verdict: verdicts[problem.code] ?? 'stop', reason: KINDS[problem.code] ? problem.code
      : problem.code === 'step_not_open' ? 'not_open_yet' : 'failed',
    text: problem.text, crossing, next: [], others: body.missing ?? [],
    done: body.done && { ...body.done, by: body.done.name, at: body.done.occurred_at }, held: body.held,
  };
}
