#!/bin/bash
# SPDX-License-Identifier: MIT
# Usage: tests/with-service -- tests/api/hostile.sh [HOSTILE]
# The hostile requests against a whole service: each as a declaration that would be filed as a
# draft if its frame were taken. HOSTILE: the program (build/checks/clang/bin/hostile).
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)
"${1:-$root/build/checks/clang/bin/hostile}" "$GATE_URL" --path /v1/declarations \
  --header "Authorization: Bearer $GATE_FIRM_KEY" \
  --body '{"gate":"CKHN","direction":"export","vehicles":[],"goods":[]}'
