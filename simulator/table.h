/* SPDX-License-Identifier: MIT
 * Outcomes as text for a terminal, from their JSON.
 */
#ifndef SIMULATOR_TABLE_H
#define SIMULATOR_TABLE_H

#include <jansson.h>
#include <stdio.h>

void table_print(const json_t *outcome, FILE *out);
/* Of a live run: what it adds before its verdicts, and its second verdict. */
void table_print_live(const json_t *outcome, FILE *out);
void table_print_software(const json_t *outcome, FILE *out);
/* a and b side by side; differences: figures of b - a by pairs, NULL when they are not paired. */
void table_print_pair(const json_t *a, const json_t *b, const json_t *differences, FILE *out);

/* What the two have besides when both were played against a running service. */
void table_print_pair_live(const json_t *a, const json_t *b, FILE *out);

#endif
