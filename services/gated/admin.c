/* SPDX-License-Identifier: MIT
 * The platform's lists: people, keys, and the published rules.
 */
#include "services/gated/ask.h"
#include "services/gated/asks.h"

static enum fault list_ask(struct request *r, const struct filter *filters, size_t count)
{
    struct buffer members = {0};
    enum fault fault = ask_filters(r, filters, count, &members);

    ask_read(r, ask_text(r, &members));
    return fault;
}

enum fault firms_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_NUMBER}, {"q", FILTER_TEXT}};

    return list_ask(r, FILTERS, COUNT_OF(FILTERS));
}

enum fault officers_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_TEXT},
                                            {"limit", FILTER_NUMBER},
                                            {"role", FILTER_TEXT},
                                            {"agency", FILTER_TEXT}};

    return list_ask(r, FILTERS, COUNT_OF(FILTERS));
}

enum fault keys_ask(struct request *r)
{
    static const struct filter FILTERS[] = {
        {"after", FILTER_TEXT}, {"limit", FILTER_NUMBER}, {"principal", FILTER_NUMBER}};

    return list_ask(r, FILTERS, COUNT_OF(FILTERS));
}

/* Of what has versions: one, or the one in force. */
enum fault versions_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"version", FILTER_NUMBER}};

    return list_ask(r, FILTERS, COUNT_OF(FILTERS));
}

enum fault reference_data_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"kind", FILTER_TEXT}, {"all", FILTER_FLAG}};

    return list_ask(r, FILTERS, COUNT_OF(FILTERS));
}

/* Of all gates, or of one. */
enum fault of_gates_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"gate", FILTER_TEXT}};

    return list_ask(r, FILTERS, COUNT_OF(FILTERS));
}
