// SPDX-License-Identifier: MIT
// Who is signed in. The cookie is the browser's business; here is what the server says of it.

import { api, Problem, useCsrf, whenSignedOut } from './api.js';
import { askForPassword } from './account.js';
import { askToSignIn } from './signin.js';

let known;               // undefined: not asked yet; null: nobody
let wanted = null;       // what the page asked for: { roles }
let asking = null;       // the sign-in that is on the screen
let owner = null;        // whose page this is: the id of a user

function keep(session) {
  known = session;
  useCsrf(session?.csrf ?? null);
  window.dispatchEvent(new CustomEvent('session', { detail: session }));
  return session;
}

/**
 * Who is signed in here; null when nobody is. Offline throws: then it is not known.
 * @returns {Promise<Object|null>}
 */
export async function session() {
  if (known !== undefined) return known;
  try {
    return keep((await api('GET', '/v1/session')).body);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return keep(null);
    throw error;
  }
}

/**
 * @param {{user: string, password?: string, pin?: string}} who
 * @returns {Promise<Object>} the session
 */
export async function signIn(who) {
  return keep((await api('POST', '/v1/sessions', { body: who })).body);
}

/* A session that was over already is what was asked for. */
async function end(path) {
  try {
    await api('DELETE', path);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
  }
  keep(null);
}

/** @throws {Offline} then the session still lives */
export function signOut() { return end('/v1/session'); }

/** Ends the sessions of this person on all devices. @throws {Offline} */
export function signOutEverywhere() { return end('/v1/sessions'); }

/** @param {{old: string, new: string}} body @returns {Promise<Object>} the session */
export async function changePassword(body) {
  return keep((await api('PUT', '/v1/session/password', { body })).body);
}

/* A one-time password opens nothing before it is changed. */
async function whole(who) {
  return who.must_change ? askForPassword({ isForced: true, change: changePassword }) : who;
}

function fits(who, roles) { return who && (!roles || roles.includes(who.role)); }

/**
 * Shows the sign-in until somebody with one of these roles is there.
 * @param {{roles?: string[], host?: Element}} [options] host: where; default over the page
 * @returns {Promise<Object>} the session
 */
export async function requireSession(options = {}) {
  wanted = options;
  const found = await session();
  const who = await whole(fits(found, options.roles) ? found
    : await askToSignIn({ ...options, signIn, isWrongRole: Boolean(found) }));
  owner = who.user.id;
  return who;
}

/* What was typed is the owner's: nobody else sees it or sends it as their own. */
function admitOwner(who) {
  if (who.user.id === owner) return true;
  location.reload();
  return new Promise(() => {});
}

/* A session that ran out in the middle: the same question, over the page; what was typed stays. */
whenSignedOut(async () => {
  if (!wanted || owner === null) return false;
  keep(null);
  asking ??= askToSignIn({ roles: wanted.roles, signIn, isExpired: true }).then(whole).then(admitOwner)
    .finally(() => { asking = null; });
  return Boolean(await asking);
});
