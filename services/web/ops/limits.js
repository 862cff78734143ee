// SPDX-License-Identifier: MIT
// The thresholds of the screen itself. Those of the alarms are the server's (sql/read/alarm.sql).

export const LIMITS = {
  staleS: 12,              // data older than this turns grey
  pollMs: 5000,            // the figures are asked for this often, and after events
  quietMs: 2000,           // and at most this often (ISA-101: numbers must not flicker)
  yardLook: 0.9,           // share of a bar from which on it is nearly full
};
