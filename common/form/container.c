/* SPDX-License-Identifier: MIT */
#include "common/form/container.h"

#include "common/form/fold.h"

/* A is 10, and the values divisible by 11 are left out: L is 23, V is 34. */
static unsigned value_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    unsigned value = (unsigned)(c - 'A') + 10;
    return value + (value > 10) + (value > 20) + (value > 30);
}

/* Each value weighs 2 to the power of its place; the remainder 10 is written 0. */
static char check_digit(const char *text)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < CONTAINER_SIZE - 1; i++)
        sum += value_of(text[i]) << i;
    return (char)('0' + sum % 11 % 10);
}

static bool is_number(const char *text)
{
    for (int i = 0; i < 3; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    for (int i = 4; i < CONTAINER_SIZE; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return text[3] == 'U' || text[3] == 'J' || text[3] == 'Z';
}

enum message container_read(struct span typed, struct container *container)
{
    uint32_t codes[CONTAINER_SIZE];
    size_t count;

    *container = (struct container){0};
    if (!fold_codes(typed, codes, CONTAINER_SIZE, &count) || count != CONTAINER_SIZE)
        return MESSAGE_CONTAINER_FORMAT;
    for (size_t i = 0; i < CONTAINER_SIZE; i++)
        container->text[i] = codes[i] < 0x80 ? (char)codes[i] : '?';
    if (!is_number(container->text))
        return MESSAGE_CONTAINER_FORMAT;
    container->is_check_right = container->text[CONTAINER_SIZE - 1] == check_digit(container->text);
    return MESSAGE_NONE;
}
