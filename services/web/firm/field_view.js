// SPDX-License-Identifier: MIT
// One field of a declaration on the screen: what is typed is judged at once, and what the server will
// make of it is said below.

import { h, replace } from '../base/dom.js';
import { number, plate } from '../base/format.js';
import { language, t } from '../base/text.js';
import { word } from '../base/words.js';
import { checkField, classOfHs } from './fields.js';

const INPUTS = {
  instant: { type: 'datetime-local', step: '300' },
  day: { type: 'date' },
  phone: { type: 'tel', autocomplete: 'off' },
  decimal: { inputmode: 'decimal' },
  integer: { inputmode: 'numeric' },
  hs: { inputmode: 'numeric' },
  customs_number: { inputmode: 'numeric' },
};
const CODES = new Set(['plate', 'container', 'vin', 'seal', 'hs', 'customs_number', 'tax_code', 'document']);

const keyOf = (field) => field.name.replaceAll('/', '_');

/** The name of a field, for labels and lists of changes. @param {import('./fields.js').Field} field */
export function labelOf(field) {
  return t(`firm.field.${keyOf(field)}`);
}

/** The mark between a number and its decimals in the language of now. */
export function decimalMark() {
  return language() === 'vi' ? ',' : '.';
}

function optionText(field, value, gates) {
  if (field.name === 'gate') return gates.find((gate) => gate.gate === value)?.names[language()] ?? value;
  if (field.name === 'direction') return word('direction', value);
  if (field.name === 'route') return value;
  return t(`firm.choice.${keyOf(field)}.${value}`);
}

function choiceOf(field, choices, gates) {
  const none = field.name === 'direction' ? [] : [h('option', { value: '' }, t(field.wanted ? 'firm.choose' : 'firm.choose_none'))];

  return h('select', null, none, choices.map((value) => h('option', { value }, optionText(field, value, gates))));
}

function controlOf(field, choices, gates) {
  if (field.kind === 'choice') return choiceOf(field, choices, gates);
  if (field.kind === 'note') return h('textarea', { rows: 3, maxlength: field.most });
  return h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', autocapitalize: CODES.has(field.kind) ? 'characters' : 'sentences',
    class: CODES.has(field.kind) ? 'digits' : '', ...INPUTS[field.kind] });
}

// What the server will make of it, when that is not what stands there.
function echoOf(field, typed, checked, classes) {
  const { value, warning, note } = checked;

  if (warning) return t(`firm.code.${warning}`, { digit: note?.digit ?? '' });
  if (field.kind === 'hs') return t('firm.hs_class', { class: word('class', classOfHs(value, classes)) });
  if (['decimal', 'integer'].includes(field.kind) && value !== '' && number(value) !== typed.trim() && String(value) !== typed.trim())
    return `= ${number(value, { maximumFractionDigits: 3 })}`;
  if (field.kind === 'plate') return `${plate(value)} · ${t(`firm.choice.nationality.${note.country}`)}`;
  return CODES.has(field.kind) && value !== typed ? value : '';
}

let count = 0;

/**
 * @param {import('./fields.js').Field} field
 * @param {{pointer: string, value: string, about: () => object, choices?: string[], gates: object[], classes: object[],
 *          onInput: (value: string) => void, isFixed?: boolean}} options
 * @returns {HTMLElement}
 */
export function fieldView(field, options) {
  const id = `f${++count}`;
  const input = controlOf(field, options.choices ?? field.choices ?? [], options.gates);
  const echo = h('p', { class: 'echo', id: `${id}-echo`, 'aria-live': 'polite' });
  const label = h('label', { for: id }, labelOf(field), field.wanted && h('span', { class: 'wanted' }, ` · ${t('firm.wanted')}`));
  const view = h('div', { class: `field${field.wide ? ' wide' : ''}` }, label, input, echo);

  input.id = id;
  input.name = options.pointer;
  input.setAttribute('aria-describedby', echo.id);
  input.value = options.value ?? '';
  if (options.isFixed) input.disabled = true;
  const judge = (isLeft) => show(view, input, echo, checkField(field, input.value, options.about()), { field, isLeft, classes: options.classes });
  input.addEventListener('input', () => {
    options.onInput(input.value);
    judge(false);
  });
  input.addEventListener('change', () => judge(true));
  input.judge = judge;
  if (input.value) judge(true);
  return view;
}

// While one still types nothing is called wrong; a field that was left may be.
function show(view, input, echo, checked, { field, isLeft, classes }) {
  const isWrong = Boolean(checked.problem);
  const wasWrong = input.getAttribute('aria-invalid') === 'true';

  view.classList.toggle('is-warned', Boolean(checked.warning));
  if (isWrong && (isLeft || wasWrong)) {
    input.setAttribute('aria-invalid', 'true');
    echo.className = 'echo field-error';
    replace(echo, t(`firm.code.${checked.problem}`));
  } else if (!isWrong) {
    input.removeAttribute('aria-invalid');
    echo.className = `echo${checked.warning ? ' warned' : ''}`;
    replace(echo, input.value.trim() ? echoOf(field, input.value, checked, classes) : '');
  }
}

/** Puts the server's words at a field, until it is changed. @param {HTMLElement} input @param {string} text */
export function tell(input, text, isWrong = true) {
  const echo = document.getElementById(`${input.id}-echo`);

  if (isWrong) input.setAttribute('aria-invalid', 'true');
  echo.className = `echo ${isWrong ? 'field-error' : 'warned'}`;
  replace(echo, text);
}
