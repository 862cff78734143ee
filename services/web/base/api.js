// SPDX-License-Identifier: MIT
// One way to the server: keys, languages, CSRF, problems, the sign-in that ran out.

import { language } from './text.js';

/** The server refused. code is stable, text is in the reader's language. */
export class Problem extends Error {
  constructor(status, body, retryAfterS) {
    super(body.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? '';
    this.text = body.title ?? '';
    this.errors = body.errors ?? [];
    this.body = body;
    this.retryAfterS = retryAfterS;
  }
}

/** No answer came: no network, no server, or not in time. Whether a write happened is not known;
 * the same key finds out. */
export class Offline extends Error {
  constructor(cause) {
    super('offline', { cause });
    this.name = 'Offline';
  }
}

const TIMEOUT_MS = 15000;
const WAITS_MS = [500, 1000, 2000, 4000, 8000];
let csrf = null;
let onSignedOut = null;

/** session.js says which token goes along. @param {string|null} token */
export function useCsrf(token) { csrf = token; }

/** session.js: asked for a new session when one ran out. @param {() => Promise<boolean>} ask */
export function whenSignedOut(ask) { onSignedOut = ask; }

/** An idempotency key of its own. randomUUID wants a secure context, this does not. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function headersOf(method, options, key) {
  const headers = { Accept: options.accept ?? 'application/json', 'Accept-Language': language() };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.etag) headers[method === 'GET' ? 'If-None-Match' : 'If-Match'] = options.etag;
  if (options.bearer) headers.Authorization = `Bearer ${options.bearer}`;
  Object.assign(headers, options.headers);
  if (key) headers['Idempotency-Key'] = key;
  if (csrf && method !== 'GET' && !options.bearer) headers['X-CSRF-Token'] = csrf;
  return headers;
}

function addressOf(path, query) {
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null) address.searchParams.set(name, String(value));
  return address;
}

function timeLimit(options) {
  const limit = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  return options.signal && AbortSignal.any ? AbortSignal.any([options.signal, limit]) : limit;
}

async function bodyOf(answer) {
  const type = answer.headers.get('Content-Type') ?? '';
  const text = await answer.text();
  return /\bjson\b/.test(type) && text ? JSON.parse(text) : text || null;
}

async function send(method, path, options, key) {
  let answer, body;
  try {
    answer = await fetch(addressOf(path, options.query), {
      method,
      headers: headersOf(method, options, key),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: timeLimit(options),
      credentials: options.bearer ? 'omit' : 'same-origin',
      cache: 'no-store',
    });
    body = await bodyOf(answer);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Offline(error);
  }
  if (answer.status >= 400) {
    const retry = Number(answer.headers.get('Retry-After')) || null;
    throw new Problem(answer.status, body && typeof body === 'object' ? body : {}, retry);
  }
  return { status: answer.status, body, etag: answer.headers.get('ETag'), headers: answer.headers };
}

const isPassing = (error) => error instanceof Offline || (error instanceof Problem && error.status === 503);

async function sendPatiently(method, path, options, key) {
  const retries = method === 'GET' || key ? options.retries ?? 0 : 0;
  for (let turn = 0; ; turn++) {
    try {
      return await send(method, path, options, key);
    } catch (error) {
      if (turn >= retries || !isPassing(error)) throw error;
      const wait = (error.retryAfterS ?? 0) * 1000 || WAITS_MS[Math.min(turn, WAITS_MS.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/**
 * Asks the server. Writes carry an idempotency key: options.key, or a fresh one, the same in all
 * retries and after a sign-in in between.
 * @param {string} method
 * @param {string} path
 * @param {{body?: any, key?: string, etag?: string|null, query?: Object, signal?: AbortSignal,
 *          timeoutMs?: number, retries?: number, bearer?: string, accept?: string,
 *          headers?: Object<string, string>}} [options]
 * @returns {Promise<{status: number, body: any, etag: string|null, headers: Headers}>}
 * @throws {Problem|Offline}
 */
export async function api(method, path, options = {}) {
  const key = options.key ?? (method === 'POST' || method === 'PATCH' ? freshKey() : null);
  try {
    return await sendPatiently(method, path, options, key);
  } catch (error) {
    const isOurs = error instanceof Problem && !options.bearer && !path.startsWith('/v1/session');
    const hasEnded = isOurs && (error.status === 401 || error.code === 'csrf_failed');
    if (!hasEnded || !onSignedOut || !(await onSignedOut())) throw error;
    return sendPatiently(method, path, options, key);
  }
}
