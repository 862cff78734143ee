#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 2
#
# The streams: nothing is missed over two ledgers, whoever leaves and whatever is killed; no firm
# sees another's event; hearts beat, sleepers are dropped, boards resume (see stream_check).
#
#   tests/with-service --gated 2 tests/stories/stream.sh
set -euo pipefail
exec stream_check "$@"
