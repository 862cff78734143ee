// SPDX-License-Identifier: MIT
// The procedure: which steps a crossing needs, and what must be done before each. A version is never
// changed: another one is made of it.

import { api } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { dateTime } from '../base/format.js';
import { t } from '../base/text.js';
import { word } from '../base/words.js';
import { ask } from './ask.js';
import { act, head } from './list.js';

const SCOPES = ['own', 'any_receiving', 'all_receiving', 'any_main', 'every_main'];
const NEEDS = ['always', 'perishable', 'frozen_live', 'inspected', 'receiving', 'optional'];

async function read(version) {
  return (await api('GET', '/v1/procedures', { query: { version } })).body;
}

/* The steps of one kind of crossing, in their order. */
function kinds(steps) {
  const found = new Map();
  for (const step of steps) {
    const kind = `${step.direction} ${step.role}`;
    if (!found.has(kind)) found.set(kind, []);
    found.get(kind).push(step);
  }
  return [...found.values()];
}

const titleOf = ({ direction, role }) => `${word('direction', direction)} · ${word('role', role)}`;

function before(step) {
  const parts = SCOPES.filter((scope) => step[scope].length).map((scope) => {
    const names = step[scope].map((code) => word('step', code)).join(', ');
    return scope === 'own' ? names : t(`admin.procedure.${scope}`, { steps: names });
  });
  return parts.length ? parts.join('; ') : '–';
}

function table(steps) {
  const caption = titleOf(steps[0]);
  return [h('h3', null, caption), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', null, h('caption', { class: 'unseen' }, caption), h('thead', null, h('tr', null,
      ['step', 'agency', 'needed', 'before'].map((name) =>
        h('th', { scope: 'col' }, t(`admin.procedure.${name}`))))),
    h('tbody', null, steps.map((step) => h('tr', null,
      h('th', { scope: 'row' }, word('step', step.step), step.joins && h('small', { class: 'quiet-text' }, ` ${t('admin.procedure.joins')}`)),
      h('td', null, word('agency', step.agency)),
      h('td', null, t(`admin.needed.${step.needed}`)),
      h('td', null, before(step)))))))];
}

/* --- another version --------------------------------------------------------------------------- */

function stepRow(step, index, codes) {
  const label = (name) => `${word('step', step.step)}: ${t(`admin.procedure.${name}`)}`;
  const needed = h('select', { name: `steps/${index}/needed`, 'aria-label': label('needed') },
    h('option', { value: '' }, t('admin.needed.none')),
    NEEDS.map((one) => h('option', { value: one }, t(`admin.needed.${one}`))));
  needed.value = step.needed;
  return h('tr', null, h('th', { scope: 'row' }, `${titleOf(step)} · ${word('step', step.step)}`), h('td', null, needed),
    h('td', null, h('details', null, h('summary', null, before(step)),
      SCOPES.map((scope) => h('fieldset', null, h('legend', null, t(`admin.procedure.of.${scope}`)),
        h('div', { class: 'checks' }, codes.map((code) => h('label', null,
          h('input', { type: 'checkbox', name: `steps/${index}/${scope}`, value: code,
            checked: step[scope].includes(code) }), word('step', code)))))))));
}

function editor(steps) {
  const codes = [...new Set(steps.map((step) => step.step))];
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('admin.procedure') },
    h('table', { class: 'edit' }, h('thead', null, h('tr', null,
      ['step', 'needed', 'before'].map((name) => h('th', { scope: 'col' }, t(`admin.procedure.${name}`))))),
    h('tbody', null, steps.map((step, index) => stepRow(step, index, codes)))));
}

/* What is not needed at all is left out. */
function stepsOf(form, steps) {
  return steps.map((step, index) => ({ role: step.role, direction: step.direction, step: step.step,
    needed: form.elements[`steps/${index}/needed`].value, joins: step.joins,
    ...Object.fromEntries(SCOPES.map((scope) => [scope,
      [...form.querySelectorAll(`[name="steps/${index}/${scope}"]:checked`)].map((one) => one.value)])) }))
    .filter((step) => step.needed);
}

async function add(version) {
  const { steps } = await read(version);
  return ask({ title: t('admin.procedure.add', { version }), go: t('admin.publish'), isWide: true,
    fields: [
      { name: 'note', label: t('admin.procedure.note'), required: true, props: { maxlength: 500 } },
      { name: 'effective_from', label: t('admin.from'), type: 'instant', hint: t('admin.from.hint') },
      { name: 'steps', read: (form) => stepsOf(form, steps), node: editor(steps) },
    ],
    send: (body, key) => api('POST', '/v1/procedures', { body, key }) });
}

/* --- the section ------------------------------------------------------------------------------- */

function show({ changed }) {
  const shown = h('div');
  const choice = h('select', { 'aria-label': t('admin.version') });
  let version = null;

  async function load(wanted) {
    try {
      const one = await read(wanted);
      version = one.version;
      choice.replaceChildren(...one.versions.map((other) =>
        h('option', { value: other.version }, `${other.version} · ${dateTime(other.effective_from)}`)));
      choice.value = version;
      replace(shown, h('p', null, one.note), kinds(one.steps).map(table));
    } catch (problem) {
      replace(shown, h('p', { role: 'status' }, problem.text || t('base.offline')));
    }
  }

  choice.addEventListener('change', () => load(choice.value));
  load(null);
  return [head(t('admin.procedure'), choice, act(t('admin.procedure.new'), async () => {
    if (await add(version)) { load(null); changed(); }
  }, 'main')), shown];
}

export const procedure = { id: 'procedure', show, types: ['procedure_added'] };
