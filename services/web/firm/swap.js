// SPDX-License-Identifier: MIT
// Another driver or another tractor for a vehicle that is on its way; its place in the queue stays.

import { Problem, api, freshKey } from '../base/api.js';
import { h } from '../base/dom.js';
import { plate } from '../base/format.js';
import { t } from '../base/text.js';
import { put } from './document.js';
import { checkField, VEHICLE } from './fields.js';
import { fieldView, tell } from './field_view.js';
import { ask } from './parts.js';

const FIELDS = VEHICLE.filter((field) => field.name === 'plate' || field.name.startsWith('driver/'))
  .map((field) => ({ ...field, wanted: false }));

function bodyOf(typed) {
  const body = {};
  const about = { documentType: typed['driver/document/type'] };
  const problems = [];

  for (const field of FIELDS) {
    const { value, problem } = checkField(field, typed[field.name] ?? '', about);
    if (problem) problems.push({ pointer: `/${field.name}`, text: t(`firm.code.${problem}`) });
    if (value !== '') put(body, field.name, value);
  }
  if (body.driver?.document && !body.driver.document.number) delete body.driver.document;
  if (body.driver && Object.keys(body.driver).length === 0) delete body.driver;
  if (body.driver?.document) body.driver.document.type ??= 'cccd';
  return { body, problems };
}

function tellAll(form, findings) {
  const homeless = findings.filter(({ pointer, text }) => {
    const input = form.elements.namedItem(pointer) ?? [...form.elements].find((one) => one.name.startsWith(`${pointer}/`));
    if (input) tell(input, text);
    return !input;
  });

  form.querySelector('[aria-invalid=true]')?.focus();
  form.querySelector('.error').textContent = homeless.map((one) => one.text).join('; ');
  throw Object.assign(new Error('shown'), { name: 'Shown' });
}

async function send(form, crossing, typed, keys) {
  const { body, problems } = bodyOf(typed);

  if (problems.length) tellAll(form, problems);
  body.reason = form.elements.reason.value.trim() || t('firm.swap.why');
  const text = JSON.stringify(body);
  if (keys.sent !== text) Object.assign(keys, { sent: text, key: freshKey() });
  try {
    return await api('POST', `/v1/crossings/${crossing.id}/swap`, { body, key: keys.key, retries: 2 });
  } catch (error) {
    if (error instanceof Problem && error.errors.length) tellAll(form, error.errors);
    throw error;
  }
}

/** @param {object} crossing @returns {Promise<object|null>} what changed; null: nothing */
export function swap(crossing) {
  const typed = {};
  const keys = {};
  const fields = FIELDS.map((field) => fieldView(field, { pointer: `/${field.name}`, value: '', about: () => ({ documentType: typed['driver/document/type'] }),
    gates: [], classes: [], onInput: (value) => { typed[field.name] = value; } }));

  return ask({ title: t('firm.swap.title'), go: t('firm.swap.go'),
    body: [h('p', null, t('firm.swap.what', { plate: plate(crossing.plate) })), h('div', { class: 'fields' }, fields),
      h('label', { class: 'field' }, h('span', null, t('firm.reason')), h('input', { name: 'reason', maxlength: 300 }))],
    done: (form) => send(form, crossing, typed, keys) });
}
