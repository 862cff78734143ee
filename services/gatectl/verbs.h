/* SPDX-License-Identifier: MIT
 * The verbs, each defined in the file of its subject.
 */
#ifndef SERVICES_GATECTL_VERBS_H
#define SERVICES_GATECTL_VERBS_H

#include "services/gatectl/call.h"

extern const struct verb migrate_verb;
extern const struct verb seed_verb;
extern const struct verb firm_add_verb;
extern const struct verb firm_list_verb;
extern const struct verb firm_disable_verb;
extern const struct verb officer_add_verb;
extern const struct verb officer_list_verb;
extern const struct verb officer_disable_verb;
extern const struct verb key_issue_verb;
extern const struct verb key_list_verb;
extern const struct verb key_revoke_verb;
extern const struct verb user_add_verb;
extern const struct verb user_list_verb;
extern const struct verb user_password_verb;
extern const struct verb user_disable_verb;
extern const struct verb pass_key_rotate_verb;
extern const struct verb pass_key_list_verb;
extern const struct verb pass_verify_verb;
extern const struct verb procedure_show_verb;
extern const struct verb ledger_verify_verb;
extern const struct verb ledger_head_verb;
extern const struct verb config_show_verb;

#endif
