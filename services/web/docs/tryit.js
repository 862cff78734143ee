// SPDX-License-Identifier: MIT
// Tries an operation against this very server, with a key or with the session of who is signed in.
// A key that is typed stays in this page and is gone with it.

import { h, replace } from '../base/dom.js';
import { api, freshKey, Offline, Problem } from '../base/api.js';
import { number } from '../base/format.js';
import { session } from '../base/session.js';
import { t } from '../base/text.js';
import { code } from './prose.js';
import { follow } from './spec.js';

const HEADERS = ['If-Match', 'Gate-Time'];
const SHOWN_MAX = 20000;
let typedKey = '';

function exampleOf(operation) {
  const content = follow(operation.requestBody)?.content?.['application/json'];
  const first = Object.values(content?.examples ?? {})[0];
  return content ? JSON.stringify(first ? follow(first).value : {}, null, 2) : null;
}

function field(label, input) {
  return h('label', { class: 'field' }, h('span', null, label), input);
}

function parameterFields(entry) {
  return entry.parameters
    .filter((one) => one.in === 'path' || one.in === 'query' || HEADERS.includes(one.name))
    .map((one) => field(`${one.name} (${one.in})`, h('input', { name: `${one.in}:${one.name}`,
      value: one.in === 'path' ? String(one.example ?? '') : '', required: one.in === 'path',
      autocomplete: 'off', spellcheck: 'false' })));
}

/* What the form asks for, without sending it. */
function requestOf(entry, form) {
  const query = {}, headers = {};
  let path = entry.path;
  for (const input of form.querySelectorAll('input[name*=":"]')) {
    const [where, name] = input.name.split(':');
    if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(input.value.trim()));
    else if (input.value !== '') (where === 'query' ? query : headers)[name] = input.value;
  }
  const body = form.elements.body?.value.trim();
  return { method: entry.method.toUpperCase(), path, query, headers, body: body || undefined };
}

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curlOf(asked, hasKey) {
  const address = new URL(asked.path, location.origin);
  for (const [name, value] of Object.entries(asked.query)) address.searchParams.set(name, value);
  const parts = [`curl -sS -X ${asked.method} ${quote(address.href)}`];
  if (hasKey) parts.push('-H "Authorization: Bearer $GATE_KEY"');
  if (asked.method === 'POST' || asked.method === 'PATCH') parts.push('-H "Idempotency-Key: $(uuidgen)"');
  for (const [name, value] of Object.entries(asked.headers)) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  if (asked.body) parts.push("-H 'Content-Type: application/json'", `--data-raw ${quote(asked.body)}`);
  return parts.join(' \\\n  ');
}

function answerView(status, body, headers, tookMs) {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2) ?? '';
  const tone = status < 400 ? 'go' : 'stop';
  return [h('p', { role: 'status' }, h('span', { class: `state ${tone}` }, String(status)), ' ',
    t('docs.took', { ms: number(Math.round(tookMs)) }),
    headers?.get('ETag') && [' · ETag ', h('code', null, headers.get('ETag'))]),
  text && code(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}\n…` : text, t('docs.answer'))];
}

function failureView(error) {
  if (error instanceof Problem) return answerView(error.status, error.body, null, error.tookMs ?? 0);
  const text = error instanceof Offline ? t('base.offline')
    : error instanceof SyntaxError ? t('docs.bad_json', { text: error.message }) : t('base.failed');
  return h('p', { class: 'error', role: 'alert' }, text);
}

async function send(entry, form, out) {
  const asked = requestOf(entry, form);
  const began = performance.now();
  try {
    if (!typedKey) await session();     // whose token a change needs
    const { status, body, headers } = await api(asked.method, asked.path, {
      query: asked.query, bearer: typedKey || undefined, key: freshKey(), headers: asked.headers,
      body: asked.body === undefined ? undefined : JSON.parse(asked.body) });
    replace(out, answerView(status, body, headers, performance.now() - began));
  } catch (error) {
    error.tookMs = performance.now() - began;
    replace(out, failureView(error));
  }
}

/* Feeds do not end, and a file is no text: those are for curl. */
function isPlain(entry) {
  const good = Object.entries(entry.operation.responses).find(([status]) => status < '300');
  const types = Object.keys(follow(good?.[1])?.content ?? {});
  return types.every((type) => /json|plain|pem|x509/.test(type));
}

/** @param {import('./spec.js').Entry} entry @returns {Element} */
export function tryIt(entry) {
  const body = exampleOf(entry.operation);
  const curl = h('div', null), out = h('div', { class: 'result' });
  const key = h('input', { type: 'password', name: 'key', autocomplete: 'off', value: typedKey,
    oninput: (event) => { typedKey = event.target.value.trim(); } });
  const form = h('form', { class: 'card try', 'aria-labelledby': 'try-title' },
    h('h3', { id: 'try-title' }, t('docs.try')),
    entry.method === 'get' ? null : h('p', { class: 'note' }, t('docs.try.real')),
    field(t('docs.try.key'), key),
    parameterFields(entry),
    body === null ? null : field(t('docs.body'),
      h('textarea', { name: 'body', rows: Math.min(18, body.split('\n').length + 1),
        spellcheck: 'false', class: 'digits' })),
    isPlain(entry) ? h('button', { class: 'main', type: 'submit' }, t('docs.send')) : null,
    h('details', null, h('summary', null, 'curl'), curl), out);
  if (body !== null) form.elements.body.value = body;
  const showCurl = () => replace(curl, code(curlOf(requestOf(entry, form), Boolean(typedKey)), 'curl'));
  form.addEventListener('input', showCurl);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    replace(out, h('p', { role: 'status' }, t('docs.sending')));
    await send(entry, form, out);
    button.disabled = false;
  });
  showCurl();
  return form;
}
