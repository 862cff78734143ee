/* SPDX-License-Identifier: MIT
 * Who may use the service: firms, officers and the rest of the staff, and the keys of all of them.
 */
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/asks.h"
#include "services/gated/args.h"
#include "services/gated/gate_index.h"
#include "services/gated/server.h"

enum { NAME_MAX_CHARACTERS = 200, GATES_MAX = 64 };

/* --- reading --------------------------------------------------------------------------------- */

enum fault firms_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_COUNT}, {"q", FILTER_TEXT}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

enum fault officers_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_TEXT},
                                            {"limit", FILTER_COUNT},
                                            {"role", FILTER_STAFF},
                                            {"agency", FILTER_AGENCY}};

    return ask_list(r, FILTERS, COUNT_OF(FILTERS));
}

/* --- adding ---------------------------------------------------------------------------------- */

/* {"tax_code","name"} */
enum fault firm_add_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;

    TRY(args_platform(r, &body, &args));
    args_tax_code(&body, REQUIRED, &args);
    args_text(&body, "name", REQUIRED, NAME_MAX_CHARACTERS, &args);
    return args_write(r, "firm_add", &body, &args);
}

/* Codes of gates; each becomes its code even when it was given by its number. */
static void copy_gates(const struct request *r, struct object *body, struct buffer *args)
{
    const struct gate_index *gates = r->server->gates;
    bool is_named[LEDGER_COUNT] = {false};
    struct array list;
    struct span code;

    if (!read_array(body, "gates", OPTIONAL, GATES_MAX, &list))
        return;
    write_array(args, "gates");
    for (size_t i = 0; i < list.size; i++) {
        if (!array_text(&list, i, GATE_CODE_MAX, &code))
            continue;
        int number = gate_index_find(gates, code);
        if (number < 0)
            failures_add(list.failures, array_pointer(&list, i), MESSAGE_UNKNOWN_VALUE);
        else if (is_named[number])
            failures_add(list.failures, array_pointer(&list, i), MESSAGE_DUPLICATE);
        else
            write_text(args, NULL, span_of(gate_index_code(gates, number)));
        if (number >= 0)
            is_named[number] = true;
    }
    write_array_end(args);
}

/* An officer and a system belong to an agency; the others may. */
static void copy_role(struct object *body, struct buffer *args)
{
    int role;
    bool is_known = read_choice(body, "role", REQUIRED, ARGS_STAFF, &role);
    bool needs_agency = is_known && role <= 1;

    if (is_known)
        write_text(args, "role", span_of(ARGS_STAFF[role]));
    args_choice(body, "agency", needs_agency ? REQUIRED : OPTIONAL, ARGS_AGENCIES, args);
}

/* {"name","role","agency"?,"gates"?} */
enum fault officer_add_ask(struct request *r)
{
    struct buffer args = {0};
    struct object body;

    TRY(args_platform(r, &body, &args));
    args_text(&body, "name", REQUIRED, NAME_MAX_CHARACTERS, &args);
    copy_role(&body, &args);
    copy_gates(r, &body, &args);
    return args_write(r, "officer_add", &body, &args);
}

/* --- ending ---------------------------------------------------------------------------------- */

/* {"reason"?} about the {id} of the path; what: how SQL names that. */
static enum fault end_ask(struct request *r, const char *what)
{
    struct buffer args = {0};
    struct object body;

    TRY(args_about(r, what, &body, &args));
    return args_write(r, r->route->verb, &body, &args);
}

enum fault firm_disable_ask(struct request *r)
{
    return end_ask(r, "firm");
}

enum fault officer_disable_ask(struct request *r)
{
    return end_ask(r, "officer");
}

enum fault key_revoke_ask(struct request *r)
{
    return end_ask(r, "key");
}
