#!/usr/bin/env bash
# Turns the action's inputs into flags of `ekm-sim run`; an empty input is a flag that is not given.
set -euo pipefail

sim="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/apps/simulator/dist/main.js"
flags=()
for name in tag gateway tokens token-key endpoint data-root upstream lease parallel seed reporter out; do
  variable="INPUT_$(tr 'a-z-' 'A-Z_' <<<"$name")"
  value="${!variable:-}"
  if [[ -n "$value" ]]; then flags+=("--$name" "$value"); fi
done
read -r -a experiments <<<"${INPUT_EXPERIMENTS:-}"

if [[ -n "${GITHUB_OUTPUT:-}" ]]; then
  echo "reports=$(pwd)/${INPUT_OUT:-ekm-reports}" >>"$GITHUB_OUTPUT"
fi
exec node "$sim" run ${flags[@]+"${flags[@]}"} -- ${experiments[@]+"${experiments[@]}"}
