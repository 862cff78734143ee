/* SPDX-License-Identifier: MIT */
#include "services/gated/pass_file.h"

#include <sodium.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/pass/secrets.h"
#include "services/gated/secret_file.h"

bool pass_file_read(const char *path, struct pass_keys *keys)
{
    struct pass_keys read = {0};

    if (!*path) {
        log_write(LOG_WARN, "GATE_PASS_KEYS is not set: no pass can be signed", NULL);
        return true;
    }
    char *text = secret_file_read(path);
    if (!text)
        return false;
    bool is_good = pass_secrets_read(span_of(text), &read);
    sodium_memzero(text, strlen(text));
    free(text);
    if (is_good)
        *keys = read;
    else
        log_write(LOG_ERROR, "this is not a file of pass keys", "path", path, NULL);
    pass_file_wipe(&read);
    return is_good;
}

void pass_file_wipe(struct pass_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}
