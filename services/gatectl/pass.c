/* SPDX-License-Identifier: MIT
 * pass: what a kiosk without a network would say of a pass.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/form/instant.h"
#include "common/pass/revocation.h"
#include "services/gatectl/file.h"
#include "services/gatectl/verbs.h"

static bool read_now(const struct call *call, int64_t *now_s)
{
    const char *text = call_option(call, "--now");
    int64_t now_ms = clock_wall_ms();

    if (text && instant_read(span_of(text), &now_ms) != MESSAGE_NONE) {
        fprintf(stderr, "gatectl: --now %s: expected e.g. 2026-11-23T08:30:00+07:00\n", text);
        return false;
    }
    *now_s = now_ms / 1000;
    return true;
}

static bool read_keys(const char *path, struct pass_keys *keys)
{
    size_t size;
    char *text = file_read(path, &size);
    bool is_good = text && pass_keys_read((struct span){text, size}, keys);

    if (text && !is_good)
        fprintf(stderr, "gatectl: %s: not a key set (RFC 7517)\n", path);
    free(text);
    return is_good;
}

/* An absent list is an empty one. A stale list is used all the same, and said to be stale. */
static bool read_list(const char *path, const struct pass_keys *keys, int64_t now_s,
                      struct revocation_list *list)
{
    size_t size;

    *list = (struct revocation_list){0};
    if (!path)
        return true;
    char *text = file_read(path, &size);
    if (!text)
        return false;
    enum pass_verdict verdict =
        revocation_read((struct bytes){(const uint8_t *)text, size}, keys, now_s, list);
    free(text);
    if (verdict == PASS_EXPIRED)
        fprintf(stderr, "gatectl: %s: the revocation list is stale\n", path);
    else if (verdict != PASS_VALID)
        fprintf(stderr, "gatectl: %s: revocation list: %s\n", path, pass_verdict_code(verdict));
    return verdict == PASS_VALID || verdict == PASS_EXPIRED;
}

static void print_claims(const struct pass_claims *claims)
{
    char from[INSTANT_ROOM], until[INSTANT_ROOM];

    printf("crossing   %014" PRIu64 "\nversion    %u\nplate      %s\ngate       %02u\n",
           claims->crossing, (unsigned)claims->version, claims->plate, (unsigned)claims->gate);
    printf("direction  %s\nclass      %u\n", claims->direction == PASS_EXPORT ? "export" : "import",
           (unsigned)claims->class);
    struct span first = instant_print(claims->not_before_s * 1000, from);
    struct span last = instant_print(claims->expires_s * 1000, until);
    printf("valid      %.*s to %.*s\n", SPAN_ARG(first), SPAN_ARG(last));
}

/* The operand is the digits themselves, or the name of a file that holds them. */
static char *read_digits(const char *operand)
{
    size_t size = strspn(operand, "0123456789");

    if (operand[size] == '\0' && size > 0)
        return strdup(operand);
    char *text = file_read(operand, &size);
    if (text)
        text[strcspn(text, "\r\n")] = '\0';
    return text;
}

static enum exit_code judge(const char *digits, const struct pass_keys *keys,
                            const struct revocation_list *list, int64_t now_s)
{
    struct pass_claims claims;
    enum pass_verdict verdict = pass_verify_listed(span_of(digits), keys, list, now_s, &claims);

    puts(pass_verdict_code(verdict));
    if (claims.crossing != 0)
        print_claims(&claims);
    return verdict == PASS_VALID ? EXIT_DONE : EXIT_REFUSED;
}

static enum exit_code verify(struct call *call)
{
    const char *listed = call_option(call, "--revocations");
    struct pass_keys keys;
    struct revocation_list list;
    int64_t now_s;

    if (!read_now(call, &now_s))
        return EXIT_USAGE;
    if (!read_keys(call_option(call, "--keys"), &keys))
        return EXIT_DATABASE;
    char *digits = read_digits(call->operands[0]);
    if (!digits)
        return EXIT_DATABASE;
    bool has_list = read_list(listed, &keys, now_s, &list);
    enum exit_code code =
        has_list ? judge(digits, &keys, listed ? &list : NULL, now_s) : EXIT_DATABASE;
    revocation_list_free(&list);
    free(digits);
    return code;
}

const struct verb pass_verify_verb = {
    .subject = "pass",
    .name = "verify",
    .operands = "DIGITS|FILE",
    .operands_min = 1,
    .operands_max = 1,
    .summary = "judge a pass offline, as a kiosk without a network does",
    .details =
        "Prints the verdict, and when the signature is right what the pass says. The keys are the\n"
        "document that a server publishes at /.well-known/gate-pass-keys. Status 1: not valid.",
    .run = verify,
    .options =
        {
            {"--keys", "FILE", "the published keys", true},
            {"--revocations", "FILE", "the signed revocation list of the pass's gate", false},
            {"--now", "TIME", "judge as of then (RFC 3339), instead of now", false},
        },
};
