/* SPDX-License-Identifier: MIT
 * Requests that want to be understood in two ways, over real sockets, against any server:
 *
 *   hostile HOST:PORT [--path P] [--header 'Name: value']... [--body JSON] [--get P]
 *           [--drip HEAD_MS,BODY_MS]
 *
 * Each probe is a POST with a flaw in its frame, followed at once and on the same connection by a
 * good GET. It is accepted when the POST is answered as one that was read (2xx, or a refusal that
 * comes after the frame, such as 401 or 422), and also when more answers come than there were
 * requests. Give a path, headers and a body for which an unflawed POST gets a 2xx: that is tried
 * first, else the probes would prove nothing. Each POST has its own Idempotency-Key.
 * --drip also sends a head, then a body, one byte a second, and expects to be cut off within two
 * seconds after those deadlines.
 * Prints TAP; exits with 0 when all is refused that must be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/client/wire.h"

enum { QUIET_MS = 1500, LARGE_BODY = 3 << 20, LARGE_HEAD = 200 << 10, SLACK_MS = 2000 };

/* In the texts: %n the body's length, %x the same in hexadecimal, %o its length + 2^64 (%O in
 * hexadecimal), %b the body, %c the body as one good chunk with the last one, %0 a NUL. */
struct probe {
    const char *name;
    const char *version; /* NULL: HTTP/1.1 */
    const char *first;   /* lines before all others */
    const char *lines;   /* and after */
    const char *body;
    bool is_hostless;
    bool is_tolerable; /* moves no boundary: reported, not counted as a failure */
};

#define LENGTH(literal)   "Content-Length: " literal "\r\n"
#define ENCODING(literal) "Transfer-Encoding: " literal "\r\n"

static const struct probe PROBES[] = {
    /* length */
    {"CL and TE", .lines = "Content-Length: %n\r\nTransfer-Encoding: chunked\r\n", .body = "%c"},
    {"TE and CL", .lines = "Transfer-Encoding: chunked\r\nContent-Length: %n\r\n", .body = "%c"},
    {"CL n then CL 0", .lines = "Content-Length: %n\r\nContent-Length: 0\r\n", .body = "%b"},
    {"CL +n", .lines = LENGTH("+%n"), .body = "%b"},
    {"CL n, n", .lines = LENGTH("%n, %n"), .body = "%b"},
    {"CL 0xn", .lines = LENGTH("0x%x"), .body = "%b"},
    {"CL -1", .lines = LENGTH("-1"), .body = "%b"},
    {"CL 2^64+n", .lines = LENGTH("%o"), .body = "%b"},
    {"CL empty", .lines = LENGTH(""), .body = "%b"},
    {"CL with a blank before the colon", .lines = "Content-Length : %n\r\n", .body = "%b"},
    {"first line begins with a blank", .first = " Content-Length: %n\r\n", .body = "%b"},
    /* encoding */
    {"TE xchunked", .lines = ENCODING("xchunked"), .body = "%c"},
    {"TE chunked, identity", .lines = ENCODING("chunked, identity"), .body = "%c"},
    {"TE chunked and TE identity",
     .lines = "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", .body = "%c"},
    {"TE \\x0bchunked",
     .lines = ENCODING("\x0b"
                       "chunked"),
     .body = "%c"},
    {"TE with HTTP/1.0", .version = "HTTP/1.0", .lines = ENCODING("chunked"), .body = "%c"},
    {"TE behind a bare CR", .lines = "X: \rTransfer-Encoding: chunked\r\n", .body = "%c"},
    /* head */
    {"folded field", .lines = "Content-Length: %n\r\nX: a\r\n b\r\n", .body = "%b",
     .is_tolerable = true},
    {"NUL in a value", .lines = "Content-Length: %n\r\nX: a%0b\r\n", .body = "%b",
     .is_tolerable = true},
    {"no Host", .lines = LENGTH("%n"), .body = "%b", .is_hostless = true},
    {"two Hosts", .lines = "Content-Length: %n\r\nHost: b\r\n", .body = "%b"},
    {"blank in a name", .lines = "Content-Length: %n\r\nX Y: 1\r\n", .body = "%b"},
    {"line without a colon", .lines = "Content-Length: %n\r\nXY\r\n", .body = "%b"},
    {"HTTP/1.10", .version = "HTTP/1.10", .lines = LENGTH("%n"), .body = "%b"},
    {"HTTP/2.0", .version = "HTTP/2.0", .lines = LENGTH("%n"), .body = "%b"},
    {"head of 200 kB", .lines = LENGTH("%n"), .body = "%b"}, /* filled in by its name */
    /* chunks */
    {"chunk size 0xn", .lines = ENCODING("chunked"), .body = "0x%x\r\n%b\r\n0\r\n\r\n"},
    {"chunk size +n", .lines = ENCODING("chunked"), .body = "+%x\r\n%b\r\n0\r\n\r\n"},
    {"chunk size 2^64+n", .lines = ENCODING("chunked"), .body = "%O\r\n%b\r\n0\r\n\r\n"},
    {"chunk not followed by CRLF", .lines = ENCODING("chunked"), .body = "%x\r\n%bX\r\n0\r\n\r\n"},
    {"bare LF in a chunk extension", .lines = ENCODING("chunked"),
     .body = "%x;\nxx\r\n%b\r\n0\r\n\r\n"},
    /* ours, beyond the 31 */
    {"CL on a folded line", .lines = "Content-Length:\r\n %n\r\n", .body = "%b"},
    {"TE on a folded line", .lines = "Transfer-Encoding:\r\n chunked\r\n", .body = "%c"},
    {"CL cut by a NUL", .lines = "Content-Length: %n%00\r\n", .body = "%b"},
    {"NUL in a name", .lines = "Content-Length: %n\r\nX%0Y: 1\r\n", .body = "%b"},
    {"two Authorizations",
     .lines = "Content-Length: %n\r\nAuthorization: Bearer a\r\n"
              "Authorization: Bearer b\r\n",
     .body = "%b"},
};
enum { THE_31 = 31 };

static struct {
    const char *address, *path, *get, *body;
    struct buffer headers;
    int head_ms, body_ms;
    int count, failed, keys;
} run = {.path = "/", .get = "/livez", .body = "{\"a\":1}"};

static void report(bool is_good, const char *name, const char *note)
{
    run.count++;
    run.failed += !is_good;
    printf("%sok %d - %s%s%s\n", is_good ? "" : "not ", run.count, name, *note ? " # " : "", note);
    fflush(stdout);
}

/* ---- building ---- */

static void add_filled(struct buffer *to, const char *text)
{
    size_t size = strlen(run.body);

    for (; text && *text; text++) {
        if (*text != '%') {
            buffer_add(to, (struct span){text, 1});
            continue;
        }
        switch (*++text) {
        case '0':
            buffer_add(to, (struct span){"", 1});
            break;
        case 'n':
            buffer_print(to, "%zu", size);
            break;
        case 'x':
            buffer_print(to, "%zx", size);
            break;
        case 'o':
            buffer_print(to, "18446744073709%06zu", 551616 + size);
            break;
        case 'O':
            buffer_print(to, "1%016zx", size);
            break;
        case 'b':
            buffer_add_text(to, run.body);
            break;
        default:
            buffer_print(to, "%zx\r\n%s\r\n0\r\n\r\n", size, run.body);
            break;
        }
    }
}

static void add_post(struct buffer *to, const struct probe *probe)
{
    buffer_print(to, "POST %s %s\r\n", run.path, probe->version ? probe->version : "HTTP/1.1");
    add_filled(to, probe->first);
    buffer_add_text(to, probe->is_hostless ? "" : "Host: gate\r\n");
    buffer_print(to, "Idempotency-Key: hostile-%d-%d\r\n", (int)getpid(), ++run.keys);
    buffer_print(to, "Content-Type: application/json\r\n%s", run.headers.at ? run.headers.at : "");
    add_filled(to, probe->lines);
    if (span_is(span_of(probe->name), "head of 200 kB"))
        for (int i = 0; i < LARGE_HEAD / 64; i++)
            buffer_print(to, "X-%06d: %054d\r\n", i, 0);
    buffer_add_text(to, "\r\n");
    add_filled(to, probe->body);
}

static void add_get(struct buffer *to)
{
    buffer_print(to, "GET %s HTTP/1.1\r\nHost: gate\r\n\r\n", run.get);
}

/* ---- judging ---- */

/* Answers that say the frame itself was not understood, or not taken. */
static bool is_frame_refusal(int status)
{
    static const int STATUSES[] = {400, 408, 411, 413, 414, 417, 431, 501, 505};

    for (size_t i = 0; i < COUNT_OF(STATUSES); i++)
        if (status == STATUSES[i])
            return true;
    return false;
}

struct outcome {
    int statuses[4];
    int count;
    bool is_page; /* an answer in HTML */
    enum wire_result end;
};

/* Sends, then collects what comes until the server closes or says no more. */
static struct outcome exchange_all(struct span bytes, int wanted)
{
    struct outcome outcome = {.end = WIRE_CLOSED};
    struct wire_answer answer;
    struct wire wire;

    if (!wire_open(&wire, run.address))
        return outcome;
    wire_send(&wire, bytes);
    while (outcome.count < 4) {
        int wait_ms = outcome.count < wanted ? QUIET_MS : QUIET_MS / 5;
        outcome.end = wire_read(&wire, &answer, false, wait_ms);
        if (answer.status >= 200) {
            outcome.statuses[outcome.count++] = answer.status;
            outcome.is_page |= answer.body.size && strstr(answer.body.at, "<html") != NULL;
        }
        wire_answer_free(&answer);
        if (outcome.end != WIRE_ANSWER)
            break;
    }
    wire_close(&wire);
    return outcome;
}

static bool is_accepted(const struct outcome *outcome)
{
    return outcome->count > 2 || (outcome->count && !is_frame_refusal(outcome->statuses[0]));
}

static void note_print(const struct outcome *outcome, char *note, size_t room)
{
    size_t size = 0;

    note[0] = '\0';
    for (int i = 0; i < outcome->count; i++)
        size += (size_t)snprintf(note + size, room - size, "%d ", outcome->statuses[i]);
    snprintf(note + size, room - size, "%s%s",
             outcome->end == WIRE_CLOSED   ? "closed"
             : outcome->end == WIRE_SILENT ? (outcome->count ? "open" : "no answer")
                                           : "broken answer",
             outcome->is_page ? " (HTML page)" : "");
}

static bool probe_run(const struct probe *probe)
{
    struct buffer bytes = {0};
    char note[80];

    add_post(&bytes, probe);
    add_get(&bytes);
    struct outcome outcome = exchange_all(buffer_span(&bytes), 2);
    bool accepted = is_accepted(&outcome);
    note_print(&outcome, note, sizeof note);
    report(!accepted || probe->is_tolerable, probe->name, note);
    buffer_free(&bytes);
    return accepted;
}

/* ---- what must not be refused ---- */

static bool is_good(int status)
{
    return status >= 200 && status < 300;
}

/* A POST and a GET in one piece: two good answers. */
static void expect_two(const char *name, const struct probe *probe)
{
    struct buffer bytes = {0};
    char note[80];

    add_post(&bytes, probe);
    add_get(&bytes);
    struct outcome outcome = exchange_all(buffer_span(&bytes), 2);
    note_print(&outcome, note, sizeof note);
    report(outcome.count == 2 && is_good(outcome.statuses[0]) && is_good(outcome.statuses[1]), name,
           note);
    buffer_free(&bytes);
}

static void expect_bare_lf_answered(void)
{
    struct buffer bytes = {0};
    char note[80];

    buffer_print(&bytes, "GET %s HTTP/1.1\nHost: gate\n\n", run.get);
    struct outcome outcome = exchange_all(buffer_span(&bytes), 1);
    note_print(&outcome, note, sizeof note);
    report(outcome.count <= 1 && outcome.end != WIRE_BROKEN, "bare LF: taken or refused", note);
    buffer_free(&bytes);
}

static void expect_large_body_answered(void)
{
    struct probe probe = {.body = ""};
    struct buffer bytes = {0};
    char *filler = malloc(LARGE_BODY);
    char note[80], length[48];

    CHECK(filler);
    memset(filler, ' ', LARGE_BODY);
    snprintf(length, sizeof length, "Content-Length: %d\r\n", LARGE_BODY);
    probe.name = "body of 3 MB";
    probe.lines = length;
    add_post(&bytes, &probe);
    buffer_add(&bytes, (struct span){filler, LARGE_BODY});
    add_get(&bytes);
    struct outcome outcome = exchange_all(buffer_span(&bytes), 2);
    note_print(&outcome, note, sizeof note);
    report(outcome.count >= 1 && (outcome.statuses[0] == 413 || is_good(outcome.statuses[0])),
           "body of 3 MB: taken or 413", note);
    free(filler);
    buffer_free(&bytes);
}

static void expect_continue(void)
{
    struct probe probe = {
        .name = "", .lines = "Content-Length: %n\r\nExpect: 100-continue\r\n", .body = ""};
    struct wire_answer first = {0}, second = {0};
    struct buffer bytes = {0};
    struct wire wire;
    char note[80];

    add_post(&bytes, &probe);
    CHECK(wire_open(&wire, run.address));
    wire_send(&wire, buffer_span(&bytes));
    if (wire_read(&wire, &first, false, QUIET_MS) == WIRE_ANSWER && first.status == 100) {
        wire_send(&wire, span_of(run.body));
        wire_read(&wire, &second, false, QUIET_MS);
    }
    snprintf(note, sizeof note, "%d then %d", first.status, second.status);
    report(first.status == 100 && is_good(second.status), "Expect: 100-continue", note);
    wire_answer_free(&first);
    wire_answer_free(&second);
    wire_close(&wire);
    buffer_free(&bytes);
}

/* ---- one byte a second ---- */

/* Sends the rest of the bytes slowly; reports when and how the server ended it. */
static void drip(const char *name, struct span at_once, struct span slowly, int deadline_ms)
{
    int64_t start_ms = clock_steady_ms(), age_ms = 0;
    struct wire_answer answer;
    enum wire_result result = WIRE_SILENT;
    struct wire wire;
    char note[80];
    int status = 0;

    CHECK(wire_open(&wire, run.address));
    wire_send(&wire, at_once);
    for (size_t i = 0; result == WIRE_SILENT && age_ms < deadline_ms + SLACK_MS; i++) {
        if (i < slowly.size)
            wire_send(&wire, (struct span){slowly.at + i, 1});
        result = wire_read(&wire, &answer, false, 1000);
        status = answer.status;
        wire_answer_free(&answer);
        age_ms = clock_steady_ms() - start_ms;
    }
    wire_close(&wire);
    snprintf(note, sizeof note, "%s after %lld ms, status %d",
             result == WIRE_SILENT ? "still open" : "ended", (long long)age_ms, status);
    report(result != WIRE_SILENT && age_ms >= deadline_ms - 1000 && (status == 0 || status == 408),
           name, note);
}

static void drip_all(void)
{
    static const char SLOW[] = "X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    struct buffer head = {0};
    struct probe probe = {.name = "", .lines = LENGTH("1000"), .body = ""};

    add_post(&head, &probe);
    struct span whole = buffer_span(&head);
    drip("head, a byte a second from its first", SPAN(""), whole, run.head_ms);
    drip("head, a byte a second from its second line", (struct span){whole.at, whole.size - 2},
         span_of(SLOW), run.head_ms);
    drip("body, a byte a second", whole, span_of(SLOW), run.body_ms);
    drip("body that never comes", whole, SPAN(""), run.body_ms);
    buffer_free(&head);
}

/* ---- main ---- */

static bool option_read(int argc, char **argv, int *i)
{
    const char *name = argv[*i], *value = ++*i < argc ? argv[*i] : NULL;

    if (!value)
        return false;
    if (!strcmp(name, "--path"))
        run.path = value;
    else if (!strcmp(name, "--get"))
        run.get = value;
    else if (!strcmp(name, "--body"))
        run.body = value;
    else if (!strcmp(name, "--header"))
        buffer_print(&run.headers, "%s\r\n", value);
    else if (!strcmp(name, "--drip"))
        return sscanf(value, "%d,%d", &run.head_ms, &run.body_ms) == 2;
    else
        return false;
    return true;
}

static bool arguments_read(int argc, char **argv)
{
    if (argc < 2 || argv[1][0] == '-')
        return false;
    run.address = argv[1];
    for (int i = 2; i < argc; i++)
        if (!option_read(argc, argv, &i))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    static const struct probe PLAIN = {"", .lines = LENGTH("%n"), .body = "%b"};
    static const struct probe CHUNKED = {"", .lines = ENCODING("chunked"), .body = "%c"};
    int accepted = 0;

    if (!arguments_read(argc, argv)) {
        fprintf(stderr, "usage: hostile HOST:PORT [--path P] [--header 'Name: value']... "
                        "[--body JSON] [--get P] [--drip HEAD_MS,BODY_MS]\n");
        return 2;
    }
    expect_two("POST and GET in one piece", &PLAIN);
    expect_two("chunked POST and GET in one piece", &CHUNKED);
    expect_bare_lf_answered();
    expect_large_body_answered();
    expect_continue();
    for (size_t i = 0; i < COUNT_OF(PROBES); i++)
        accepted += probe_run(&PROBES[i]) && i < THE_31;
    if (run.head_ms)
        drip_all();
    printf("1..%d\n# accepted of the 31: %d\n", run.count, accepted);
    buffer_free(&run.headers);
    return run.failed ? 1 : 0;
}
