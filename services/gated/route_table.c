/* SPDX-License-Identifier: MIT */
#include "services/gated/asks.h"
#include "services/gated/board_stream.h"
#include "services/gated/health.h"
#include "services/gated/https.h"
#include "services/gated/metrics.h"
#include "services/gated/openapi.h"
#include "services/gated/routes.h"
#include "services/gated/snapshot.h"
#include "services/gated/stream.h"

/* clang-format off */
const struct route ROUTES[] = {
    /* declarations */
    {"POST",  "/v1/declarations", "declare", KIND_WRITE, MAY_FIRM | MAY_GATE, declare_ask},
    {"GET",   "/v1/declarations", "declarations", KIND_READ, MAY_FIRM | MAY_GATE, declarations_ask},
    {"GET",   "/v1/declarations/{number}", "declaration", KIND_READ, MAY_FIRM | MAY_GATE, declaration_ask},
    {"PATCH", "/v1/declarations/{number}", "amend", KIND_WRITE, MAY_FIRM | MAY_AGENCY | MAY_SUPERVISE, amend_ask},
    {"POST",  "/v1/declarations/{number}/cancel", "cancel", KIND_WRITE, MAY_FIRM | MAY_AGENCY | MAY_SUPERVISE, cancel_ask},
    {"POST",  "/v1/declarations/{number}/move", "move", KIND_WRITE, MAY_FIRM | MAY_OPERATE, move_ask},
    /* crossings */
    {"GET",  "/v1/crossings", "crossings", KIND_READ, MAY_FIRM, crossings_ask},
    {"GET",  "/v1/crossings/{id}", "crossing", KIND_READ, MAY_FIRM | MAY_GATE, crossing_read_ask},
    {"GET",  "/v1/crossings/{id}/position", "position", KIND_READ, MAY_FIRM | MAY_GATE, crossing_read_ask},
    {"GET",  "/v1/crossings/{id}/pass.svg", "pass", KIND_READ, MAY_FIRM | MAY_GATE, pass_svg_ask},
    {"GET",  "/v1/crossings/{id}/pass.png", "pass", KIND_READ, MAY_FIRM | MAY_GATE, pass_png_ask},
    {"GET",  "/v1/crossings/{id}/pass.txt", "pass", KIND_READ, MAY_FIRM | MAY_GATE, pass_text_ask},
    {"POST", "/v1/crossings/{id}/steps", "step", KIND_WRITE, MAY_AGENCY | MAY_SUPERVISE, step_ask},
    {"POST", "/v1/crossings/{id}/swap", "swap", KIND_WRITE, MAY_FIRM | MAY_SUPERVISE, swap_ask},
    {"POST", "/v1/crossings/{id}/plate", "plate", KIND_WRITE, MAY_GATE, plate_ask},
    {"POST", "/v1/crossings/{id}/release", "release", KIND_WRITE, MAY_GATE, crossing_reason_ask},
    {"POST", "/v1/crossings/{id}/return", "return", KIND_WRITE, MAY_OPERATE, crossing_reason_ask},
    {"POST", "/v1/crossings/{id}/turn-back", "turn_back", KIND_WRITE, MAY_GATE, crossing_reason_ask},
    {"POST", "/v1/crossings/{id}/pass/reissue", "reissue", KIND_WRITE, MAY_FIRM | MAY_SUPERVISE, crossing_reason_ask},
    {"POST", "/v1/crossings/{id}/pass/revoke", "revoke", KIND_WRITE, MAY_SUPERVISE, crossing_reason_ask},
    {"POST", "/v1/crossings/{id}/link", "link", KIND_WRITE, MAY_FIRM | MAY_SUPERVISE, link_ask},
    {"POST", "/v1/crossings/{id}/link/revoke", "link_revoke", KIND_WRITE, MAY_FIRM | MAY_SUPERVISE, link_revoke_ask},
    {"GET",  "/v1/links/{token}", "link", KIND_READ, MAY_ANYBODY, link_read_ask},
    {"GET",  "/v1/links/{token}/pass.svg", "link_pass", KIND_READ, MAY_ANYBODY, link_pass_ask},
    /* at the gate */
    {"POST", "/v1/scans", "scan", KIND_READ, MAY_GATE, scan_ask},
    {"POST", "/v1/steps", "step", KIND_WRITE, MAY_AGENCY, steps_ask},
    {"POST", "/v1/events/{event}/undo", "undo", KIND_WRITE, MAY_AGENCY | MAY_OPERATE, undo_ask},
    /* a gate */
    {"GET",  "/v1/gates", "gates", KIND_READ, MAY_ANYBODY, of_gates_ask},
    {"GET",  "/v1/gates/{gate}/board", "board", KIND_LOCAL, MAY_ANYBODY, board_ask},
    {"GET",  "/v1/gates/{gate}/board/stream", "board_stream", KIND_LOCAL, MAY_ANYBODY, board_stream_ask},
    {"GET",  "/v1/gates/{gate}/calendar", "calendar", KIND_READ, MAY_ANYBODY, gate_read_ask},
    {"GET",  "/v1/gates/{gate}/queue", "queue", KIND_READ, MAY_GATE, queue_ask},
    {"GET",  "/v1/gates/{gate}/stats", "stats", KIND_LOCAL, MAY_OPERATE | MAY_ADMIN, stats_ask},
    {"GET",  "/v1/gates/{gate}/inside", "inside", KIND_READ, MAY_GATE, page_ask},
    {"GET",  "/v1/gates/{gate}/days/{day}", "day", KIND_READ, MAY_OPERATE | MAY_ADMIN, day_ask},
    {"GET",  "/v1/gates/{gate}/alarms", "alarms", KIND_READ, MAY_OPERATE | MAY_ADMIN, page_ask},
    {"POST", "/v1/gates/{gate}/alarms/{alarm}/take", "alarm_take", KIND_WRITE, MAY_OPERATE, alarm_take_ask},
    {"GET",  "/v1/gates/{gate}/conflicts", "conflicts", KIND_READ, MAY_GATE, conflicts_ask},
    {"POST", "/v1/gates/{gate}/conflicts/{conflict}/resolve", "resolve", KIND_WRITE, MAY_SUPERVISE, resolve_ask},
    {"POST", "/v1/gates/{gate}/call", "call", KIND_WRITE, MAY_OPERATE, call_ask},
    {"POST", "/v1/gates/{gate}/lanes/{lane}/open", "lane_open", KIND_WRITE, MAY_OPERATE, lane_ask},
    {"POST", "/v1/gates/{gate}/lanes/{lane}/close", "lane_close", KIND_WRITE, MAY_OPERATE, lane_ask},
    {"PUT",  "/v1/gates/{gate}/calendar", "calendar", KIND_WRITE, MAY_OPERATE | MAY_ADMIN, calendar_ask},
    {"GET",  "/v1/gates/{gate}/expected", "expected", KIND_READ, MAY_GATE, gate_read_ask},
    {"GET",  "/v1/gates/{gate}/revocations", "revocations", KIND_LOCAL, MAY_ANYBODY, revocations_ask},
    {"GET",  "/v1/gates/{gate}/revocations.cose", "revocations", KIND_LOCAL, MAY_ANYBODY, revocations_cose_ask},
    /* what happened */
    {"GET", "/v1/events", "events", KIND_READ, MAY_ALL, events_ask},
    {"GET", "/v1/stream", "stream", KIND_LOCAL, MAY_ALL, stream_ask},
    {"GET", "/v1/gates/{gate}/ledger", "ledger", KIND_READ, MAY_ANYBODY, ledger_ask},
    {"GET", "/v1/gates/{gate}/checkpoints", "checkpoints", KIND_WRITE, MAY_ANYBODY, checkpoints_ask},
    {"GET", "/v1/gates/{gate}/proof/{event}", "proof", KIND_READ, MAY_ANYBODY, proof_ask},
    /* the platform */
    {"GET",  "/v1/firms", "firms", KIND_READ, MAY_ADMIN, firms_ask},
    {"POST", "/v1/firms", "firm_add", KIND_WRITE, MAY_ADMIN, firm_add_ask},
    {"POST", "/v1/firms/{id}/disable", "firm_disable", KIND_WRITE, MAY_ADMIN, firm_disable_ask},
    {"GET",  "/v1/officers", "officers", KIND_READ, MAY_ADMIN, officers_ask},
    {"POST", "/v1/officers", "officer_add", KIND_WRITE, MAY_ADMIN, officer_add_ask},
    {"POST", "/v1/officers/{id}/disable", "officer_disable", KIND_WRITE, MAY_ADMIN, officer_disable_ask},
    {"GET",  "/v1/keys", "keys", KIND_READ, MAY_ADMIN, keys_ask},
    {"POST", "/v1/keys", "key_issue", KIND_WRITE, MAY_ADMIN, key_issue_ask},
    {"POST", "/v1/keys/{id}/revoke", "key_revoke", KIND_WRITE, MAY_ADMIN, key_revoke_ask},
    {"GET",  "/v1/users", "users", KIND_READ, MAY_ADMIN, users_ask},
    {"POST", "/v1/users", "user_add", KIND_WRITE, MAY_ADMIN, user_add_ask},
    {"POST", "/v1/users/{id}/disable", "user_disable", KIND_WRITE, MAY_ADMIN, user_disable_ask},
    {"POST", "/v1/users/{id}/password", "password_set", KIND_WRITE, MAY_ADMIN, password_set_ask},
    {"GET",  "/v1/devices", "devices", KIND_READ, MAY_ADMIN, devices_ask},
    {"POST", "/v1/devices/{id}/disable", "device_disable", KIND_WRITE, MAY_ADMIN, device_disable_ask},
    {"GET",  "/v1/audit", "audit", KIND_READ, MAY_ADMIN, audit_ask},
    {"GET",  "/v1/firm/keys", "firm_keys", KIND_READ, MAY_FIRM, firm_keys_ask},
    {"POST", "/v1/firm/keys", "key_issue", KIND_WRITE, MAY_FIRM | IN_SESSION, firm_key_issue_ask},
    {"POST", "/v1/firm/keys/{id}/revoke", "key_revoke", KIND_WRITE, MAY_FIRM | IN_SESSION, firm_key_revoke_ask},
    /* who is signed in */
    {"POST",   "/v1/sessions", "sign_in", KIND_WRITE, MAY_ANYBODY, sign_in_ask},
    {"DELETE", "/v1/sessions", "sign_out", KIND_WRITE, MAY_ALL | IN_SESSION | UNCHANGED, sign_out_everywhere_ask},
    {"GET",    "/v1/session", "session", KIND_READ, MAY_ALL | IN_SESSION | UNCHANGED, session_ask},
    {"DELETE", "/v1/session", "sign_out", KIND_WRITE, MAY_ALL | IN_SESSION | UNCHANGED, sign_out_ask},
    {"PUT",    "/v1/session/password", "password_change", KIND_WRITE, MAY_ALL | IN_SESSION | UNCHANGED, password_change_ask},
    {"PUT",    "/v1/session/pin", "pin_set", KIND_WRITE, MAY_GATE | IN_SESSION, pin_set_ask},
    /* its published rules */
    {"GET",  "/v1/procedures", "procedures", KIND_READ, MAY_ANYBODY, procedures_ask},
    {"POST", "/v1/procedures", "procedure_add", KIND_WRITE, MAY_ADMIN, procedure_add_ask},
    {"GET",  "/v1/credits", "credits", KIND_READ, MAY_ANYBODY, credits_ask},
    {"POST", "/v1/credits", "credits_set", KIND_WRITE, MAY_ADMIN, credits_set_ask},
    {"GET",  "/v1/windows", "windows", KIND_READ, MAY_ANYBODY, of_gates_ask},
    {"POST", "/v1/windows", "window_set", KIND_WRITE, MAY_ADMIN, window_set_ask},
    {"GET",  "/v1/reference-data", "reference_data", KIND_READ, MAY_ANYBODY, reference_data_ask},
    {"POST", "/v1/reference-data", "reference_set", KIND_WRITE, MAY_ADMIN, reference_set_ask},
    {"GET", "/.well-known/gate-pass-keys", "pass_keys", KIND_LOCAL, MAY_ANYBODY, published_keys_ask},
    /* the server itself */
    {"GET", "/ca.crt", "authority", KIND_LOCAL, MAY_ANYBODY, authority_ask},
    {"GET", "/livez", "livez", KIND_LOCAL, MAY_ANYBODY, livez_ask},
    {"GET", "/readyz", "readyz", KIND_LOCAL, MAY_ANYBODY, readyz_ask},
    {"GET", "/openapi.json", "openapi", KIND_LOCAL, MAY_ANYBODY, openapi_ask},
    {"GET", "/problems/{code}", "problem_page", KIND_LOCAL, MAY_ANYBODY, problem_page_ask},
    {"GET", "/metrics", "metrics", KIND_LOCAL, MAY_ANYBODY, metrics_ask},
};
/* clang-format on */

const size_t ROUTE_COUNT = COUNT_OF(ROUTES);
