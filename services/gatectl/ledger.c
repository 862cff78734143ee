/* SPDX-License-Identifier: MIT
 * ledger: the proof that nothing was changed, left out or put in afterwards.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "services/gatectl/chain.h"
#include "services/gatectl/checkpoints.h"
#include "services/gatectl/database.h"
#include "services/gatectl/state.h"
#include "services/gatectl/verbs.h"

enum { HEX_ROOM = 2 * CHAIN_HASH_BYTES + 1, COLUMNS = 8 };

/* Which columns of the cursor hold what. */
enum { SEQ, AT, TYPE, CROSSING, BODY, HASH, SALT, PRIVATE_BODY };

static const char CURSOR[] =
    "declare events no scroll cursor for "
    "select e.seq::text, trim(both '\"' from gate.instant(e.at)), e.type,"
    "  lpad(e.crossing::text, 14, '0'), e.body, e.hash, p.salt, p.body "
    "from gate.event e left join gate.event_private p on p.ledger = e.ledger and p.seq = e.seq "
    "where e.ledger = $1 order by e.seq";

static struct span cell(const PGresult *rows, int row, int column)
{
    return (struct span){PQgetvalue(rows, row, column), (size_t)PQgetlength(rows, row, column)};
}

static struct chain_event read_event(const PGresult *rows, int row)
{
    return (struct chain_event){
        .seq = strtoll(PQgetvalue(rows, row, SEQ), NULL, 10),
        .at = cell(rows, row, AT),
        .type = cell(rows, row, TYPE),
        .crossing = cell(rows, row, CROSSING),
        .body = cell(rows, row, BODY),
        .hash = cell(rows, row, HASH),
        .has_private = !PQgetisnull(rows, row, SALT),
        .salt = cell(rows, row, SALT),
        .is_erased = !PQgetisnull(rows, row, SALT) && PQgetisnull(rows, row, PRIVATE_BODY),
        .private_body = cell(rows, row, PRIVATE_BODY),
    };
}

static void print_bad(const struct chain *chain, int64_t seq, const char *what)
{
    printf("%.*s-%" PRId64 ": BAD: %s\n", SPAN_ARG(chain->code), seq, what);
}

static enum exit_code verify_rows(struct chain *chain, const PGresult *rows)
{
    for (int row = 0; row < PQntuples(rows); row++) {
        struct chain_event event = read_event(rows, row);
        enum chain_fault fault = chain_next(chain, &event);

        if (fault == CHAIN_GOOD)
            continue;
        print_bad(chain, fault == CHAIN_GAP ? chain->seq + 1 : event.seq,
                  fault == CHAIN_GAP ? "it is missing" : chain_fault_text(fault));
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}

/* All events of a ledger, in portions; the cursor lives in the caller's transaction. */
static enum exit_code verify_events(PGconn *db, struct chain *chain, const char *number)
{
    const char *values[] = {number};
    enum exit_code code = EXIT_DONE;
    bool is_more = true;
    PGresult *declared = database_query(db, CURSOR, 1, values);

    PQclear(declared);
    if (!declared)
        return EXIT_DATABASE;
    while (code == EXIT_DONE && is_more) {
        PGresult *rows = PQexecParams(db, "fetch 2000 from events", 0, NULL, NULL, NULL, NULL, 1);

        if (PQresultStatus(rows) != PGRES_TUPLES_OK) {
            fprintf(stderr, "gatectl: %s", PQerrorMessage(db));
            code = EXIT_DATABASE;
        } else {
            is_more = PQntuples(rows) > 0;
            code = verify_rows(chain, rows);
        }
        PQclear(rows);
    }
    return database_run(db, "close events") ? code : EXIT_DATABASE;
}

/* The head must be the last event, and every checkpoint that was given out must be on the chain and
 * signed: who rewrote the whole chain could not sign it again. */
static enum exit_code verify_head(PGconn *db, const struct chain *chain, const char *number,
                                  const PGresult *ledgers, int row)
{
    char hex[HEX_ROOM];
    const char *what = NULL;

    sodium_bin2hex(hex, sizeof hex, chain->hash, sizeof chain->hash);
    if (strtoll(PQgetvalue(ledgers, row, 2), NULL, 10) != chain->seq ||
        strcmp(PQgetvalue(ledgers, row, 3), hex) != 0) {
        print_bad(chain, chain->seq, "the ledger's head is not its last event");
        return EXIT_REFUSED;
    }
    int64_t bad = checkpoints_find_bad(db, number, chain->code, &what);
    if (bad > 0)
        print_bad(chain, bad, what);
    return bad < 0 ? EXIT_DATABASE : bad > 0 ? EXIT_REFUSED : EXIT_DONE;
}

static enum exit_code verify_ledger(PGconn *db, const PGresult *ledgers, int row)
{
    char hex[HEX_ROOM];
    const char *number = PQgetvalue(ledgers, row, 0);
    struct chain chain;

    chain_init(&chain, cell(ledgers, row, 1));
    enum exit_code code = verify_events(db, &chain, number);
    if (code == EXIT_DONE)
        code = verify_head(db, &chain, number, ledgers, row);
    if (code == EXIT_DONE) {
        sodium_bin2hex(hex, sizeof hex, chain.hash, sizeof chain.hash);
        printf("%.*s: good, %" PRId64 " events, %" PRId64 " private parts erased, head %s\n",
               SPAN_ARG(chain.code), chain.seq, chain.erased, hex);
    }
    return code;
}

/* The heads of the ledgers, or of the one that is wanted; NULL after a line on standard error. */
static PGresult *read_ledgers(PGconn *db, const char *code)
{
    const char *values[] = {code};
    PGresult *ledgers =
        database_query(db,
                       "select number, code, seq, encode(hash, 'hex') from gate.ledger "
                       "where code = coalesce($1, code) order by number",
                       1, values);

    if (ledgers && PQntuples(ledgers) == 0) {
        fprintf(stderr, "gatectl: there is no ledger %s\n", code ? code : "");
        PQclear(ledgers);
        return NULL;
    }
    return ledgers;
}

static enum exit_code verify(struct call *call)
{
    enum exit_code worst = EXIT_DONE;

    if (!state_is_current(call->db))
        return EXIT_REFUSED;
    /* one snapshot for all that is compared, however long it takes */
    if (!database_run(call->db, "begin isolation level repeatable read read only"))
        return EXIT_DATABASE;
    PGresult *ledgers = read_ledgers(call->db, call_option(call, "--gate"));
    if (!ledgers)
        return EXIT_REFUSED;
    for (int row = 0; row < PQntuples(ledgers) && worst != EXIT_DATABASE; row++) {
        enum exit_code code = verify_ledger(call->db, ledgers, row);

        worst = code != EXIT_DONE ? code : worst;
    }
    PQclear(ledgers);
    return database_run(call->db, "commit") ? worst : EXIT_DATABASE;
}

static enum exit_code head(struct call *call)
{
    if (!state_is_current(call->db))
        return EXIT_REFUSED;
    PGresult *ledgers = read_ledgers(call->db, call_option(call, "--gate"));
    if (!ledgers)
        return EXIT_REFUSED;
    for (int row = 0; row < PQntuples(ledgers); row++)
        printf("%s %s %s\n", PQgetvalue(ledgers, row, 1), PQgetvalue(ledgers, row, 2),
               PQgetvalue(ledgers, row, 3));
    PQclear(ledgers);
    return EXIT_DONE;
}

const struct verb ledger_verify_verb = {
    .subject = "ledger",
    .name = "verify",
    .summary = "recompute every ledger's chain and name the first bad event",
    .details =
        "Checks that no number is missing, that each hash follows from the event before it, that\n"
        "each private part is the one its event names (unless it was erased), that the head and\n"
        "every checkpoint are on the chain, and that each checkpoint is signed by the published\n"
        "key it names. Status 1 when anything is bad.",
    .needs_database = true,
    .run = verify,
    .options = {{"--gate", "CODE", "one ledger only, e.g. CKHN or PLATFORM", false}},
};

const struct verb ledger_head_verb = {
    .subject = "ledger",
    .name = "head",
    .summary = "print each ledger's last number and hash, to be kept elsewhere",
    .needs_database = true,
    .run = head,
    .options = {{"--gate", "CODE", "one ledger only", false}},
};
