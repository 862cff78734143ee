/* SPDX-License-Identifier: MIT
 * Any bytes as the body of every form. What is accepted must read back to itself: normalising is
 * idempotent, and its result is JSON that jansson reads too.
 */
#include <jansson.h>
#include <stdint.h>

#include "services/gated/declaration_form.h"
#include "services/gated/scan_form.h"
#include "services/gated/step_form.h"
#include "services/gated/swap_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_json(struct span text)
{
    json_t *json = json_loadb(text.at, text.size, JSON_REJECT_DUPLICATES, NULL);

    CHECK(json);
    json_decref(json);
}

static void check_failures(const struct failures *failures)
{
    struct buffer out = {0};

    failures_write(failures, &out);
    check_json(buffer_span(&out));
    buffer_free(&out);
}

static void try_declaration(struct span body, struct arena *arena)
{
    struct declaration_form form, again, amended;
    enum fault fault = declaration_form_file(body, arena, &form);

    check_failures(&form.failures);
    check_failures(&form.rule_failures);
    check_failures(&form.warnings);
    if (fault != OK)
        return;
    check_json(form.document);
    declaration_form_rules(form.document, arena, &again);
    CHECK(again.failures.count == 0);
    CHECK(span_is_equal(again.document, form.document));
    CHECK(again.rule_failures.count == form.rule_failures.count);
    CHECK(declaration_form_amend(SPAN("{\"note\":null}"), form.document, arena, &amended) == OK);
}

static void try_amendment(struct span body, struct arena *arena)
{
    struct declaration_form form;

    if (declaration_form_amend(body, SPAN("{\"gate\":\"CKHN\",\"direction\":\"export\"}"), arena,
                               &form) == OK) {
        check_json(form.members);
        check_json(form.document);
    }
    check_failures(&form.failures);
}

static void try_small_forms(struct span body, struct arena *arena)
{
    struct step_form step, *items;
    struct scan_form scan;
    struct swap_form swap;
    struct failures failures;
    size_t count;

    if (step_form_read(body, arena, &step) != OK)
        check_failures(&step.failures);
    if (step_form_items(body, arena, &failures, &items, &count) == OK)
        for (size_t i = 0; i < count; i++)
            check_failures(&items[i].failures);
    if (scan_form_read(body, arena, &scan) != OK)
        check_failures(&scan.failures);
    if (swap_form_read(body, arena, &swap) == OK)
        check_json(swap.document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span body = {.at = (const char *)data, .size = size};
    struct arena *arena = arena_new();

    try_declaration(body, arena);
    try_amendment(body, arena);
    try_small_forms(body, arena);
    arena_free(arena);
    return 0;
}
