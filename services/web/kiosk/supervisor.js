// SPDX-License-Identifier: MIT
// A supervisor steps in without taking the kiosk over: signs in for one act, gives a reason, and the
// officer goes on. What was done is the supervisor's, in the ledger as well.
import { h } from '../base/dom.js';
import { showError } from '../base/form.js';
import { t } from '../base/text.js';
import { freshKey } from '../base/api.js';
import { askForm, field } from './dialogs.js';
import { stepName } from './texts_of.js';

/** The steps that may be confirmed over the order, whose prerequisites nobody asks then. @param {any} desk @param {any} crossing @returns {{step: string, agency: string}[]} */
function stepsFor(desk, crossing) {
  const codes = new Map();
  for (const step of desk.lists.steps) {
    const fits = step.direction === crossing.direction && step.role === (crossing.role ?? 'main');
    if (fits && step.step !== 'called') codes.set(step.step, step);
  }
  return [...codes.values()];
}

/** What a supervisor is called for: what is open here, else the first step of this kiosk's own agency; another's is chosen by hand. @param {any} desk @param {any} answer @param {{step: string, agency: string}[]} steps */
function likelyStep(desk, answer, steps) {
  const own = steps.find((one) => one.agency === desk.people.officer.agency);
  return (answer.next?.[0] ?? own ?? answer.others?.[0])?.step;
}

/** The token of a supervisor's short session. @param {any} desk @param {string} user @param {string} secret */
async function borrow(desk, user, secret) {
  const way = /^[0-9]{6}$/.test(secret) ? 'pin' : 'password';
  const { body } = await desk.connection.ask('POST', '/v1/sessions', { body: { user, [way]: secret, brief: true } });
  if (body.role !== 'supervisor') throw Object.assign(new Error('role'), { code: 'kiosk.supervisor.not_one' });
  return body.token;
}

/** @param {HTMLInputElement} input @param {string} code */
function need(input, code) {
  const value = input.value.trim();
  if (value) return value;
  showError(input, t(code));
  throw Object.assign(new Error(code), { code });
}

/**
 * Confirms a step over the order, with a reason.
 * @param {any} desk @param {(given: any, item: any) => void} done
 */
export function askOverride(desk, done) {
  const { answer } = desk.shown;
  const steps = stepsFor(desk, answer.crossing);
  const likely = likelyStep(desk, answer, steps);
  const isOwn = desk.people.officer.role === 'supervisor';
  const choice = h('select', { name: 'step' }, steps.map(({ step }) => h('option', { value: step }, stepName(step))));
  choice.value = steps.some(({ step }) => step === likely) ? likely : steps[0]?.step;
  askForm({
    title: t('kiosk.override.title'), go: t('kiosk.override.go'), name: 'override',
    fields: [
      h('p', null, t('kiosk.override.why')),
      h('label', { class: 'field' }, h('span', null, t('kiosk.override.step')), choice),
      field('reason', t('kiosk.override.reason'), { autocapitalize: 'sentences' }),
      !isOwn && field('user', t('kiosk.override.user'), { autocapitalize: 'none', autocomplete: 'off' }),
      !isOwn && field('password', t('kiosk.override.secret'), { type: 'password', autocomplete: 'off' }),
    ],
    submit: async (form) => {
      const { reason, user, password, step } = form.elements;
      const note = need(reason, 'kiosk.reason_needed');
      const bearer = isOwn ? undefined
        : await borrow(desk, need(user, 'kiosk.override.user_needed'), need(password, 'kiosk.override.user_needed'));
      const body = { step: step.value, result: 'pass', note, override: true, lane: desk.place.lane };
      const given = await desk.connection.ask('POST', `/v1/crossings/${answer.crossing.id}/steps`,
        { body, key: freshKey(), bearer });
      if (bearer) desk.connection.ask('DELETE', '/v1/session', { bearer }).catch(() => {});
      done(given.body, { step: step.value, result: 'pass', at: new Date(desk.clock.now()).toISOString() });
    },
  });
}

