/* SPDX-License-Identifier: MIT
 * gatectl: the administrator's command line. It speaks to the database directly, as the owner of
 * the schema; what changes people, keys or rules still goes through the platform's ledger.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "services/gatectl/call.h"
#include "services/gatectl/database.h"
#include "services/gatectl/verbs.h"

static const struct verb *const VERBS[] = {
    &migrate_verb,       &seed_verb,        &firm_add_verb,       &firm_list_verb,
    &firm_disable_verb,  &officer_add_verb, &officer_list_verb,   &officer_disable_verb,
    &user_add_verb,      &user_list_verb,   &user_password_verb,  &user_disable_verb,
    &key_issue_verb,     &key_list_verb,    &key_revoke_verb,     &pass_key_rotate_verb,
    &pass_key_list_verb, &pass_verify_verb, &procedure_show_verb, &ledger_verify_verb,
    &ledger_head_verb,   &config_show_verb,
};

static void print_help(void)
{
    puts("Usage: gatectl [--database URL] VERB [options]\n\n"
         "Administers a border-gate database. The database is named by --database or by\n"
         "GATE_DATABASE_URL (a libpq connection string of the schema's owner).\n\nVerbs:");
    for (size_t i = 0; i < COUNT_OF(VERBS); i++) {
        char name[40];

        snprintf(name, sizeof name, "%s%s%s", VERBS[i]->subject, VERBS[i]->name ? " " : "",
                 VERBS[i]->name ? VERBS[i]->name : "");
        printf("  %-18s %s\n", name, VERBS[i]->summary);
    }
    puts("\ngatectl VERB --help tells more of one verb.\n"
         "Exit status: 0 done, 1 refused or a check failed, 2 wrong usage, "
         "3 database or file error");
}

/* The verb the words begin with; *used counts its words. NULL when there is none. */
static const struct verb *find_verb(int count, char **words, int *used)
{
    for (size_t i = 0; count > 0 && i < COUNT_OF(VERBS); i++) {
        const struct verb *verb = VERBS[i];

        *used = verb->name ? 2 : 1;
        if (!strcmp(verb->subject, words[0]) &&
            (!verb->name || (count > 1 && !strcmp(verb->name, words[1]))))
            return verb;
    }
    return NULL;
}

static bool asks_for_help(int count, char **words)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(words[i], "--help") || !strcmp(words[i], "-h"))
            return true;
    return false;
}

static enum exit_code run(struct call *call)
{
    if (!call->verb->needs_database)
        return call->verb->run(call);
    call->db = database_open(call->url);
    if (!call->db)
        return EXIT_DATABASE;
    enum exit_code code = call->verb->run(call);
    PQfinish(call->db);
    return code;
}

/* What was printed may be a key that is shown this once: say so when nobody got it. */
static enum exit_code finish(enum exit_code code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "gatectl: what it prints could not be written\n");
    return code == EXIT_DONE ? EXIT_DATABASE : code;
}

/* --database may stand before the verb, too. */
static void skip_database(struct call *call, int *count, char ***words)
{
    bool is_joined = *count > 0 && !strncmp((*words)[0], "--database=", 11);
    bool is_split = *count > 1 && !strcmp((*words)[0], "--database");

    if (!is_joined && !is_split)
        return;
    call->url = is_joined ? (*words)[0] + 11 : (*words)[1];
    *count -= is_joined ? 1 : 2;
    *words += is_joined ? 1 : 2;
}

int main(int count, char **words)
{
    struct call call = {.url = getenv("GATE_DATABASE_URL")};
    int used = 0;

    CHECK(sodium_init() >= 0);
    count--;
    words++;
    skip_database(&call, &count, &words);
    call.verb = find_verb(count, words, &used);
    if (call.verb && asks_for_help(count, words)) {
        verb_print_help(call.verb);
        return EXIT_DONE;
    }
    if (!call.verb) {
        bool is_asked = asks_for_help(count, words);

        if (is_asked)
            print_help();
        else
            fprintf(stderr, "gatectl: %s%s; see gatectl --help\n",
                    count > 0 ? "no such verb: " : "no verb given", count > 0 ? words[0] : "");
        return is_asked ? EXIT_DONE : EXIT_USAGE;
    }
    if (!call_read(&call, count - used, words + used))
        return EXIT_USAGE;
    return (int)finish(run(&call));
}
