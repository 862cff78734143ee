/* SPDX-License-Identifier: MIT */
#include "services/gated/event_types.h"

#include "common/base/check.h"

static const char *const TYPES[] = {
    /* of a vehicle */
    "declared", "amended", "cancelled", "step", "called", "requeued", "no_show", "expired",
    "released", "turned_back", "swapped", "plate_corrected", "pass_reissued", "pass_revoked",
    "undone", "conflict_resolved", "moved_in", "link_made", "link_revoked",
    /* of a declaration that has no vehicle to tell it of */
    "papers_filed", "papers_amended", "papers_cancelled",
    /* of a gate */
    "alarm_taken", "calendar", "lane_open", "lane_close",
    /* of the platform */
    "firm_added", "firm_disabled", "officer_added", "officer_disabled", "key_issued", "key_revoked",
    "user_added", "user_disabled", "password_set", "password_changed", "device_added",
    "device_disabled", "pin_set", "signed_in", "signed_out", "sign_in_failed", "user_locked",
    "address_locked", "procedure_added", "credits_set", "window_set", "reference_set",
    "hs_class_set", "pass_key_added", "pass_key_ended"};

static bool is_known(struct span type)
{
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (span_is(type, TYPES[i]))
            return true;
    return false;
}

/* span_take() does not see an empty one behind the last comma. */
bool event_types_are_known(struct span list)
{
    if (!list.size || list.at[list.size - 1] == ',')
        return false;
    while (list.size)
        if (!is_known(span_take(&list, ',')))
            return false;
    return true;
}
