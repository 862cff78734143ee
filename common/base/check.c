/* SPDX-License-Identifier: MIT */
#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *condition, const char *file, int line)
{
    fprintf(
        stderr,
        "{\"level\":\"fatal\",\"message\":\"check failed\",\"at\":\"%s:%d\",\"check\":\"%s\"}\n",
        file, line, condition);
    abort();
}
