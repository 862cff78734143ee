/* SPDX-License-Identifier: MIT */
#include "services/gated/reply.h"

#include <jansson.h>

#include "common/base/buffer.h"
#include "services/gated/expand.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/server.h"

static const char JSON_TYPE[] = "application/json";
static const char PROBLEM_TYPE[] = "application/problem+json";

static void add_header(struct http_reply *reply, const char *name, const char *value)
{
    CHECK(reply->header_count < HTTP_REPLY_HEADERS_MAX);
    reply->headers[reply->header_count++] = (struct http_header){name, value};
}

static void add_limits(struct request *r, struct http_reply *reply)
{
    const struct bucket_policy *policy = r->limit.policy;

    if (!policy)
        return;
    add_header(reply, "RateLimit-Policy",
               arena_print(r->arena, "\"%s\";q=%lld;w=%lld", policy->name, (long long)policy->quota,
                           (long long)policy->window_s)
                   .at);
    add_header(reply, "RateLimit",
               arena_print(r->arena, "\"%s\";r=%lld;t=%lld", policy->name,
                           (long long)r->limit.remaining, (long long)r->limit.reset_s)
                   .at);
}

/* The one place where a reply leaves. */
static void give(struct request *r, struct http_reply *reply)
{
    r->status = reply->status;
    if (!r->exchange)
        return;
    add_header(reply, "X-Request-Id", r->id.at);
    add_header(reply, "X-Content-Type-Options", "nosniff");
    add_limits(r, reply);
    for (int i = 0; i < r->cookie_count; i++)
        add_header(reply, "Set-Cookie", r->cookies[i]);
    http_reply(r->exchange, reply);
}

/* --- versions ------------------------------------------------------------------------------- */

bool etag_is_known(const char *if_none_match, struct span etag)
{
    struct span rest = span_of(if_none_match);

    while (rest.size) {
        struct span tag = span_trim(span_take(&rest, ','));
        if (span_is(tag, "*"))
            return true;
        if (span_starts_with(tag, SPAN("W/")))
            tag = (struct span){tag.at + 2, tag.size - 2};
        if (tag.size == etag.size + 2 && tag.at[0] == '"' && tag.at[tag.size - 1] == '"' &&
            span_is_equal((struct span){tag.at + 1, etag.size}, etag))
            return true;
    }
    return false;
}

static void add_etag(struct request *r, struct http_reply *reply, struct span etag)
{
    if (etag.size)
        add_header(reply, "ETag", arena_print(r->arena, "\"%.*s\"", SPAN_ARG(etag)).at);
}

/* One version reads otherwise in another language and to another reader, who may see less: so each
 * has a tag of its own (RFC 9110 §8.8.3). */
static struct span tag_of_reader(struct request *r, struct span etag)
{
    if (!etag.size || r->route->kind != KIND_READ)
        return etag;
    return arena_print(r->arena, "%.*s-%s-%lld", SPAN_ARG(etag), language_tag(r->language),
                       r->principal ? (long long)r->principal->id : 0LL);
}

static void add_vary(const struct request *r, struct http_reply *reply)
{
    if (r->route->kind == KIND_READ)
        add_header(reply, "Vary", "Accept-Language, Authorization, Cookie");
}

/* Turns a reply to a GET into 304 when the client has it already. */
static void apply_if_none_match(struct request *r, struct http_reply *reply, struct span etag)
{
    if (reply->status != 200 || !etag.size || !r->exchange || r->route->kind == KIND_WRITE)
        return;
    if (!etag_is_known(http_header(r->exchange, "If-None-Match"), etag))
        return;
    reply->status = 304;
    reply->content_type = NULL;
    reply->body = (struct span){0};
}

/* --- problems ------------------------------------------------------------------------------- */

/* The members of a JSON object, without its braces. */
static struct span inner(struct span object)
{
    object = span_trim(object);
    if (object.size < 2 || object.at[0] != '{')
        return (struct span){0};
    return span_trim((struct span){object.at + 1, object.size - 2});
}

/* The failures of the form belong to the form's faults, not to an item of many. */
static bool has_failures(const struct request *r, enum fault fault)
{
    bool is_form = fault == FAULT_INVALID_FIELDS || fault == FAULT_BAD_JSON ||
                   fault == FAULT_BAD_QUERY || fault == FAULT_TIME_IMPOSSIBLE;

    return is_form && r->failures.count;
}

void problem_write(struct request *r, const struct answer *answer, struct buffer *out)
{
    const char *code = fault_code(answer->fault);
    struct span members = inner(answer->body);

    buffer_print(out, "{\"type\":\"/problems/%s\",\"title\":", code);
    buffer_add_json(out, span_of(fault_text(answer->fault, r->language)));
    buffer_print(out, ",\"status\":%d,\"code\":\"%s\",\"instance\":\"%.*s\"",
                 fault_status(answer->fault), code, SPAN_ARG(r->id));
    if (members.size) {
        buffer_add(out, SPAN(","));
        buffer_add(out, members);
    }
    if (has_failures(r, answer->fault)) {
        buffer_add(out, SPAN(",\"errors\":"));
        failures_write(&r->failures, out);
    }
    buffer_add(out, SPAN("}"));
}

/* Of somebody who is locked out, as the problem has it. */
static int64_t locked_s(const struct answer *answer)
{
    json_t *body = json_loadb(answer->body.at, answer->body.size, 0, NULL);
    int64_t seconds = json_integer_value(json_object_get(body, "retry_after_s"));

    json_decref(body);
    return seconds > 0 ? seconds : 1;
}

static void add_retry_after(struct request *r, struct http_reply *reply, int64_t seconds)
{
    add_header(reply, "Retry-After", arena_print(r->arena, "%lld", (long long)seconds).at);
}

static void add_fault_headers(struct request *r, struct http_reply *reply,
                              const struct answer *answer)
{
    enum fault fault = answer->fault;

    if (fault == FAULT_RATE_LIMITED)
        add_retry_after(r, reply, r->limit.retry_after_s);
    else if (fault == FAULT_LOCKED_OUT)
        add_retry_after(r, reply, locked_s(answer));
    else if (reply->status == 503)
        add_header(reply, "Retry-After", fault == FAULT_DRAINING ? "5" : "1");
    if (fault == FAULT_IDEMPOTENCY_KEY_MISSING)
        add_header(reply, "Link", "</problems/idempotency_key_missing>; rel=\"describedby\"");
    if (reply->status == 405 && r->allow)
        add_header(reply, "Allow", r->allow);
    if (reply->status == 401)
        add_header(reply, "WWW-Authenticate", "Bearer");
    add_header(reply, "Content-Language", language_tag(r->language));
}

/* The text with its promises fulfilled, in the request's arena. */
static struct span expand(struct request *r, struct span json)
{
    const struct expansion from = {
        .language = r->language,
        .keys = &r->server->pass_keys,
        .steps = gate_index_steps(r->server->gates),
    };
    struct buffer text = {0};

    reply_expand(json, &from, &text);
    struct span copy = arena_copy(r->arena, buffer_span(&text));
    buffer_free(&text);
    return copy;
}

/* A stale version is told the current one (RFC 9110 §15.5.13), as its problem has it. */
static struct span current_version(struct request *r, const struct answer *answer)
{
    json_t *body = answer->fault == FAULT_STALE_VERSION
                       ? json_loadb(answer->body.at, answer->body.size, 0, NULL)
                       : NULL;
    json_t *version = json_object_get(body, "version");
    struct span etag = answer->etag;

    if (json_is_integer(version))
        etag = arena_print(r->arena, "%lld", (long long)json_integer_value(version));
    json_decref(body);
    return etag;
}

static void reply_problem(struct request *r, const struct answer *answer)
{
    struct buffer problem = {0};
    struct http_reply reply = {
        .status = fault_status(answer->fault),
        .content_type = PROBLEM_TYPE,
    };

    problem_write(r, answer, &problem);
    reply.body = expand(r, buffer_span(&problem));
    buffer_free(&problem);
    add_fault_headers(r, &reply, answer);
    add_etag(r, &reply, current_version(r, answer));
    if (answer->is_replayed)
        add_header(&reply, "Idempotent-Replayed", "true");
    give(r, &reply);
}

void reply_fault(struct request *r, enum fault fault)
{
    struct answer answer = {.fault = fault};

    reply_problem(r, &answer);
}

/* --- answers -------------------------------------------------------------------------------- */

/* age: how old the answer is, in seconds (RFC 9111 §5.1); NULL: made for this request. */
static void reply_with(struct request *r, const struct answer *answer, const char *cache,
                       const char *age)
{
    struct http_reply reply = {
        .status = answer->status ? answer->status : 200,
        .content_type = JSON_TYPE,
    };

    if (answer->fault) {
        reply_problem(r, answer);
        return;
    }
    struct span etag = tag_of_reader(r, answer->etag);

    reply.body = expand(r, answer->body);
    add_etag(r, &reply, etag);
    add_header(&reply, "Cache-Control", cache);
    add_vary(r, &reply);
    if (age)
        add_header(&reply, "Age", age);
    if (answer->is_replayed)
        add_header(&reply, "Idempotent-Replayed", "true");
    apply_if_none_match(r, &reply, etag);
    give(r, &reply);
}

static const char *no_cache(const struct request *r)
{
    return r->principal ? "private, no-cache" : "no-cache";
}

void reply_answer(struct request *r, const struct answer *answer)
{
    reply_with(r, answer, no_cache(r), NULL);
}

void reply_shared(struct request *r, const struct answer *answer, int max_age_s, int64_t age_s)
{
    const char *who = r->principal ? "private" : "public";

    /* a cache counts the age in: it may keep the answer for max_age_s from now on */
    reply_with(r, answer,
               arena_print(r->arena, "%s, max-age=%lld", who, (long long)(max_age_s + age_s)).at,
               arena_print(r->arena, "%lld", (long long)age_s).at);
}

struct exchange *reply_stream(struct request *r, size_t queue_max)
{
    struct http_reply head = {.status = 200, .content_type = "text/event-stream"};

    r->status = head.status;
    if (!r->exchange)
        return NULL;
    add_header(&head, "Cache-Control", "no-store");
    add_header(&head, "X-Accel-Buffering", "no"); /* proxies of nginx's kind would hold it back */
    add_header(&head, "X-Request-Id", r->id.at);
    add_limits(r, &head);
    http_stream(r->exchange, &head, queue_max);
    return request_steal_exchange(r);
}

void reply_json(struct request *r, int status, struct span json)
{
    struct answer answer = {.status = status, .body = json};

    reply_answer(r, &answer);
}

void reply_content(struct request *r, const char *content_type, struct span body, const char *etag)
{
    struct http_reply reply = {.status = 200, .content_type = content_type, .body = body};

    add_etag(r, &reply, span_of(etag));
    add_header(&reply, "Cache-Control", no_cache(r));
    add_vary(r, &reply);
    apply_if_none_match(r, &reply, span_of(etag));
    give(r, &reply);
}

void reply_static(struct request *r, struct http_reply *reply, struct span etag)
{
    add_etag(r, reply, etag);
    apply_if_none_match(r, reply, etag);
    give(r, reply);
}
