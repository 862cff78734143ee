/* SPDX-License-Identifier: MIT */
#include "services/gatectl/checkpoints.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pass/checkpoint.h"
#include "services/gatectl/database.h"

/* Which columns of the cursor hold what. */
enum { SEQ, HASH, AT, SIGNATURE, PUBLIC_KEY, IS_ON_CHAIN };

static const char CURSOR[] =
    "declare checkpoints no scroll cursor for "
    "select c.seq, encode(c.hash, 'hex'), trim(both '\"' from gate.instant(c.at)),"
    "  encode(c.signature, 'hex'), encode(k.public_key, 'hex'), e.hash is not distinct from c.hash "
    "from gate.checkpoint c left join gate.event e on e.ledger = c.ledger and e.seq = c.seq"
    "  left join gate.pass_key k on k.id = c.key "
    "where c.ledger = $1 order by c.seq";

static bool read_hex(const PGresult *rows, int row, int column, uint8_t *bytes, size_t size)
{
    const char *hex = PQgetvalue(rows, row, column);
    size_t got;

    return sodium_hex2bin(bytes, size, hex, strlen(hex), NULL, &got, NULL) == 0 && got == size;
}

static bool is_signed(const PGresult *rows, int row, struct span code)
{
    const struct checkpoint checkpoint = {
        .gate = code,
        .seq = strtoll(PQgetvalue(rows, row, SEQ), NULL, 10),
        .hash = span_of(PQgetvalue(rows, row, HASH)),
        .at = span_of(PQgetvalue(rows, row, AT)),
    };
    uint8_t signature[COSE_SIGNATURE_BYTES];
    struct pass_key key = {0};

    return read_hex(rows, row, SIGNATURE, signature, sizeof signature) &&
           read_hex(rows, row, PUBLIC_KEY, key.public_key, sizeof key.public_key) &&
           checkpoint_verify(&checkpoint, &key, signature);
}

static int64_t find_in(const PGresult *rows, struct span code, const char **what)
{
    for (int row = 0; row < PQntuples(rows); row++) {
        bool is_on_chain = !strcmp(PQgetvalue(rows, row, IS_ON_CHAIN), "t");

        if (is_on_chain && is_signed(rows, row, code))
            continue;
        *what = is_on_chain ? "a checkpoint is not signed by the key it names"
                            : "a checkpoint that was given out is not on the chain";
        return strtoll(PQgetvalue(rows, row, SEQ), NULL, 10);
    }
    return 0;
}

/* There is one for each minute in which somebody asked: read in portions. */
int64_t checkpoints_find_bad(PGconn *db, const char *ledger, struct span code, const char **what)
{
    PGresult *rows = database_query(db, CURSOR, 1, &ledger);
    bool is_more = rows != NULL;
    int64_t bad = rows ? 0 : -1;

    PQclear(rows);
    while (is_more && bad == 0) {
        rows = database_query(db, "fetch 2000 from checkpoints", 0, NULL);
        is_more = rows && PQntuples(rows) > 0;
        bad = rows ? find_in(rows, code, what) : -1;
        PQclear(rows);
    }
    return database_run(db, "close checkpoints") ? bad : -1;
}
