// SPDX-License-Identifier: MIT
// One operation: what it does, who may, what goes in and what comes out.

import { h } from '../base/dom.js';
import { t } from '../base/text.js';
import { code, line, prose } from './prose.js';
import { schemaOf, typeOf } from './schema.js';
import { follow } from './spec.js';
import { tryIt } from './tryit.js';

/** Method and path as one thinks of them. @param {import('./spec.js').Entry} entry */
export function signature(entry) {
  return h('span', { class: 'signature' },
    h('span', { class: `method ${entry.method}` }, entry.method.toUpperCase()), ' ',
    h('code', null, entry.path));
}

function whoMay(operation) {
  const roles = operation['x-roles'] ?? [];
  const text = operation['x-session'] ? t('docs.who.session')
    : roles.length ? `${t('docs.who.key')} ${roles.join(', ')}` : t('docs.who.anybody');
  return h('p', null, h('b', null, t('docs.who')), ' ', text);
}

function parameterRow(one) {
  return h('tr', null,
    h('th', { scope: 'row' }, h('code', null, one.name),
      one.required && h('span', { class: 'needed' }, ` ${t('docs.required')}`)),
    h('td', null, one.in),
    h('td', { lang: 'en' }, typeOf(one.schema)),
    h('td', null, line(one.description)));
}

function parametersOf(entry) {
  if (!entry.parameters.length) return null;
  return [h('h3', null, t('docs.parameters')),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('docs.parameters') },
      h('table', null,
        h('thead', null, h('tr', null, ['docs.name', 'docs.place', 'docs.type', 'docs.meaning']
          .map((key) => h('th', { scope: 'col' }, t(key))))),
        h('tbody', null, entry.parameters.map(parameterRow))))];
}

function examplesOf(content) {
  return Object.entries(content.examples ?? {}).map(([name, one]) =>
    h('details', null, h('summary', null, `${t('docs.example')} `, h('code', null, name)),
      code(JSON.stringify(follow(one).value, null, 2), `${t('docs.example')} ${name}`)));
}

function contentOf(contents) {
  return Object.entries(contents ?? {}).map(([type, content]) => h('div', null,
    h('p', { class: 'type' }, type), content.schema && schemaOf(content.schema), examplesOf(content)));
}

function bodyOf(operation) {
  const body = follow(operation.requestBody);
  return body && [h('h3', null, t('docs.body')), contentOf(body.content)];
}

function answerOf([status, answer]) {
  const it = follow(answer);
  const isGood = status < '400';
  return h('details', { class: 'answer', open: isGood },
    h('summary', null, h('span', { class: `state ${isGood ? 'go' : 'stop'}` }, status), ' ',
      isGood && line(it.description)),
    !isGood && prose(it.description),
    contentOf(isGood ? it.content : Object.fromEntries(Object.entries(it.content ?? {})
      .map(([type, { examples }]) => [type, { examples }]))));
}

/** @param {import('./spec.js').Entry} entry @returns {Element} */
export function operationView(entry) {
  const { operation } = entry;
  return h('article', null,
    h('h2', { tabindex: '-1', lang: 'en' }, operation.summary),
    h('p', null, signature(entry)),
    prose(operation.description),
    whoMay(operation),
    parametersOf(entry),
    bodyOf(operation),
    h('h3', null, t('docs.answers')),
    Object.entries(operation.responses).map(answerOf),
    tryIt(entry));
}
