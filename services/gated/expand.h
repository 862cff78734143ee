/* SPDX-License-Identifier: MIT
 * The promises in a reply (boundary of SQL and server). SQL writes JSON text in which a member
 * whose name begins with @ is fulfilled here:
 *   "@text": "code"        becomes  "text": "the sentence in the reader's language"
 *   "@pass": "c,v,p,..."   becomes  "digits": "the signed pass"
 *   "@link": "c,n,k"       becomes  "token": "the driver's link", "path": "/d/..."
 *   "@open": mask          becomes  "open": the steps of the mask
 * A user's text cannot forge one: inside a JSON string every quote is escaped, so the bytes
 * "@text": with unescaped quotes occur only as a member's name, and no name comes from a user.
 */
#ifndef SERVICES_GATED_EXPAND_H
#define SERVICES_GATED_EXPAND_H

#include "common/base/buffer.h"
#include "common/base/fault.h"
#include "common/pass/pass.h"
#include "services/gated/step_names.h"

/* What promises are fulfilled from. */
struct expansion {
    enum language language;
    const struct pass_keys *keys;
    const struct step_names *steps;
};

/* Copies JSON text into out and fulfils its promises. A pass whose key is missing becomes
 * "digits":null, a link "token":null, with a log line: the reply's facts are committed and must
 * not be lost. */
void reply_expand(struct span json, const struct expansion *from, struct buffer *out);

/* The claims in a promise's text, and the digits of the pass; false when it is malformed or its key
 * is missing. */
MUST_USE bool pass_promise_sign(struct span promise, const struct pass_keys *keys,
                                struct pass_claims *claims, char digits[PASS_DIGITS_ROOM]);

#endif
