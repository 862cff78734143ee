/* SPDX-License-Identifier: MIT */
#include "common/form/taxcode.h"

#include <stdio.h>

#include "common/form/digits.h"

enum { BODY = 10, BRANCH = 3, PERSON = 12 };

/* 10 - sum mod 11 must be the last digit; where that is 10 the number was never issued. */
static bool is_check_right(const char *digits)
{
    static const int WEIGHTS[BODY - 1] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0;

    for (int i = 0; i < BODY - 1; i++)
        sum += (digits[i] - '0') * WEIGHTS[i];
    return 10 - sum % 11 == digits[BODY - 1] - '0';
}

enum message taxcode_read(struct span typed, char code[TAXCODE_ROOM])
{
    char digits[TAXCODE_ROOM];
    size_t count = digits_fold(typed, digits, sizeof digits);
    bool has_branch = count == BODY + BRANCH;
    bool has_dash = typed.size && memchr(typed.at, '-', typed.size); /* and so cannot be a person */

    code[0] = '\0';
    if (!digits_are(digits, count) || (count != BODY && count != PERSON && !has_branch) ||
        (count == PERSON && has_dash))
        return MESSAGE_TAX_CODE_FORMAT;
    if (has_branch && !strcmp(digits + BODY, "000"))
        return MESSAGE_TAX_CODE_FORMAT;
    if (count != PERSON && !is_check_right(digits))
        return MESSAGE_TAX_CODE_CHECK;
    snprintf(code, TAXCODE_ROOM, has_branch ? "%.10s-%.3s" : "%.12s%s", digits,
             has_branch ? digits + BODY : "");
    return MESSAGE_NONE;
}
