/* SPDX-License-Identifier: MIT */
#include "common/key/password.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

/* Of 32 random bytes that nobody has kept. */
static const char NOBODYS[] = "$argon2id$v=19$m=65536,t=2,p=1$H9irzDLdfae2yd6CI1ZgZw$K6DS+"
                              "Fdsy47YLBGHfPZAMDpeox3WFdoTm7KhL2zYDsM";

static_assert(PASSWORD_HASH_ROOM == crypto_pwhash_STRBYTES, "the room of a hash");

bool password_hash(char hash[PASSWORD_HASH_ROOM], struct span password, enum password_cost cost)
{
    bool is_random = cost == PASSWORD_RANDOM;

    CHECK(sodium_init() >= 0);
    return crypto_pwhash_str(
               hash, password.at, password.size,
               is_random ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE,
               is_random ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

bool password_is(const char *hash, struct span password)
{
    bool is_somebody = hash && *hash;
    char known[PASSWORD_HASH_ROOM]; /* the library's prototype asks for all of that room */

    CHECK(sodium_init() >= 0);
    snprintf(known, sizeof known, "%s", is_somebody ? hash : NOBODYS);
    bool is_same = crypto_pwhash_str_verify(known, password.at, password.size) == 0;
    return is_somebody && is_same;
}

void password_make(char text[PASSWORD_MADE_ROOM])
{
    /* without what is mistaken for another: 0 o, 1 i l */
    static const char LETTERS[] = "23456789abcdefghjkmnpqrstuvwxyz";

    CHECK(sodium_init() >= 0);
    for (int i = 0; i < PASSWORD_MADE_ROOM - 1; i++)
        text[i] = i % 5 == 4 ? '-' : LETTERS[randombytes_uniform(sizeof LETTERS - 1)];
    text[PASSWORD_MADE_ROOM - 1] = '\0';
}
