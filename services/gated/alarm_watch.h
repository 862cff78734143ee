/* SPDX-License-Identifier: MIT
 * Looks at the figures of every gate now and then, so that alarms are raised and ended also while
 * nobody has the operators' screen open (sql/apply/067_alarm.sql).
 */
#ifndef SERVICES_GATED_ALARM_WATCH_H
#define SERVICES_GATED_ALARM_WATCH_H

struct server;
struct alarm_watch;

struct alarm_watch *alarm_watch_open(struct server *server);
/* After the loop has ended. */
void alarm_watch_free(struct alarm_watch *watch);

/* Looks when the last time was long enough ago. */
void alarm_watch_look(struct alarm_watch *watch);

#endif
