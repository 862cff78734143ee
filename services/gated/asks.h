/* SPDX-License-Identifier: MIT
 * The ask functions that the route table names, by resource. Each turns a request into commands or
 * a read (request.h); those of KIND_LOCAL routes answer it.
 */
#ifndef SERVICES_GATED_ASKS_H
#define SERVICES_GATED_ASKS_H

#include "services/gated/request.h"

/* declarations.c */
MUST_USE enum fault declare_ask(struct request *r);
MUST_USE enum fault declarations_ask(struct request *r);
MUST_USE enum fault declaration_ask(struct request *r);
MUST_USE enum fault amend_ask(struct request *r);
MUST_USE enum fault cancel_ask(struct request *r);

/* move.c */
MUST_USE enum fault move_ask(struct request *r);

/* crossings.c */
MUST_USE enum fault crossings_ask(struct request *r);
MUST_USE enum fault crossing_read_ask(struct request *r);
MUST_USE enum fault crossing_reason_ask(struct request *r);
MUST_USE enum fault link_revoke_ask(struct request *r);
MUST_USE enum fault swap_ask(struct request *r);
MUST_USE enum fault plate_ask(struct request *r);

/* links.c */
MUST_USE enum fault link_ask(struct request *r);
MUST_USE enum fault link_read_ask(struct request *r);

/* passes.c */
MUST_USE enum fault link_pass_ask(struct request *r);
MUST_USE enum fault pass_svg_ask(struct request *r);
MUST_USE enum fault pass_png_ask(struct request *r);
MUST_USE enum fault pass_text_ask(struct request *r);

/* gates.c */
MUST_USE enum fault gate_read_ask(struct request *r);
MUST_USE enum fault queue_ask(struct request *r);
MUST_USE enum fault page_ask(struct request *r);
MUST_USE enum fault day_ask(struct request *r);
MUST_USE enum fault conflicts_ask(struct request *r);
MUST_USE enum fault call_ask(struct request *r);
MUST_USE enum fault lane_ask(struct request *r);
MUST_USE enum fault calendar_ask(struct request *r);
MUST_USE enum fault resolve_ask(struct request *r);
MUST_USE enum fault alarm_take_ask(struct request *r);

/* ledger.c */
MUST_USE enum fault ledger_ask(struct request *r);
MUST_USE enum fault proof_ask(struct request *r);
MUST_USE enum fault published_keys_ask(struct request *r);

/* checkpoints.c */
MUST_USE enum fault checkpoints_ask(struct request *r);

/* revocations.c */
MUST_USE enum fault revocations_ask(struct request *r);
MUST_USE enum fault revocations_cose_ask(struct request *r);

/* people.c */
MUST_USE enum fault firms_ask(struct request *r);
MUST_USE enum fault firm_add_ask(struct request *r);
MUST_USE enum fault firm_disable_ask(struct request *r);
MUST_USE enum fault officers_ask(struct request *r);
MUST_USE enum fault officer_add_ask(struct request *r);
MUST_USE enum fault officer_disable_ask(struct request *r);
MUST_USE enum fault key_revoke_ask(struct request *r);

/* keys.c */
MUST_USE enum fault keys_ask(struct request *r);
MUST_USE enum fault key_issue_ask(struct request *r);
MUST_USE enum fault firm_keys_ask(struct request *r);
MUST_USE enum fault firm_key_issue_ask(struct request *r);
MUST_USE enum fault firm_key_revoke_ask(struct request *r);

/* users.c */
MUST_USE enum fault users_ask(struct request *r);
MUST_USE enum fault user_add_ask(struct request *r);
MUST_USE enum fault user_disable_ask(struct request *r);
MUST_USE enum fault password_set_ask(struct request *r);
MUST_USE enum fault devices_ask(struct request *r);
MUST_USE enum fault device_disable_ask(struct request *r);
MUST_USE enum fault audit_ask(struct request *r);

/* sign_in.c */
MUST_USE enum fault sign_in_ask(struct request *r);

/* sessions.c */
MUST_USE enum fault session_ask(struct request *r);
MUST_USE enum fault sign_out_ask(struct request *r);
MUST_USE enum fault sign_out_everywhere_ask(struct request *r);

/* session_secret.c */
MUST_USE enum fault password_change_ask(struct request *r);
MUST_USE enum fault pin_set_ask(struct request *r);

/* problem_page.c */
MUST_USE enum fault problem_page_ask(struct request *r);

/* rules.c */
MUST_USE enum fault of_gates_ask(struct request *r);
MUST_USE enum fault procedures_ask(struct request *r);
MUST_USE enum fault procedure_add_ask(struct request *r);
MUST_USE enum fault credits_ask(struct request *r);
MUST_USE enum fault credits_set_ask(struct request *r);
MUST_USE enum fault window_set_ask(struct request *r);
MUST_USE enum fault reference_data_ask(struct request *r);
MUST_USE enum fault reference_set_ask(struct request *r);

/* scans.c */
MUST_USE enum fault scan_ask(struct request *r);

/* steps.c */
MUST_USE enum fault step_ask(struct request *r);
MUST_USE enum fault steps_ask(struct request *r);
MUST_USE enum fault undo_ask(struct request *r);

#endif
