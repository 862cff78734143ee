// SPDX-License-Identifier: MIT
// From when on something is worth an operator's eye: every threshold of the screen, in one place.

export const LIMITS = {
  staleS: 12,              // data older than this turns grey
  pollMs: 5000,            // the figures are asked for this often, and after events
  quietMs: 2000,           // and at most this often (ISA-101: numbers must not flicker)
  noExitMin: 20,           // open, somebody inside, and nobody left for so long
  laneIdleMin: 15,         // an open lane that called nobody for so long while somebody waits
  perishableWaitH: 4,      // fruit waits: look
  perishableSpoilsH: 8,    // fruit waits: stop
  waitP90H: 6,             // what one who joins now is promised at worst
  yardLook: 0.9,           // share of a yard that is taken
  yardStop: 1,
  noShowsPerHour: 5,
  behindPerHour: 10,       // arrivals above clearances, where nothing closes
  behindStock: 20,         // and so many wait
  promisesCount: 20,       // judged from so many on
  promisesKept: 0.8,       // share that came not after P90
  farSideSlower: 1.5,      // against the same hour a week before
  farSideLeastMin: 5,      // and what is slow at all
  farSideTaken: 3,         // judged from so many on
  farSideStoodMin: 60,     // the oldest cleared export that has not left
};
