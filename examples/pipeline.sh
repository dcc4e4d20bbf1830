#!/bin/sh
# Runs the catalogue in any pipeline against your own gateway. What must be up: the product, and the simulated AWS that it uses
# (ekm-sim serve), with a directory that the product may read and write and this script can see.
#
#   EKM_GATEWAY       URL of the product
#   EKM_AWS_ENDPOINT  URL of the simulated AWS
#   EKM_TOKEN_KEY     the development issuer's private key, which signs tokens for the accounts that experiments create
#   EKM_DATA_ROOT     a directory under the product's allowed roots; {account} in it stands for an account's id
#   EKM_REPORTS       where reports go (default: ekm-reports)
#   EKM_SIM           the command (default: npm run --silent sim --)
#
# Arguments are names of experiments; without one all that are tagged core are run. The exit status is the runner's:
# 0 all as expected, 1 an experiment deviated, 2 bad input, 3 nothing is concluded.
set -eu

: "${EKM_GATEWAY:?is the URL of the product}"
: "${EKM_AWS_ENDPOINT:?is the URL of the simulated AWS}"
: "${EKM_TOKEN_KEY:?is the file of the development issuer\'s private key}"
: "${EKM_DATA_ROOT:?is a directory under the product\'s allowed roots}"

if [ "$#" -eq 0 ]; then set -- --tag core; fi

exec ${EKM_SIM:-npm run --silent sim --} run "$@" \
  --gateway "$EKM_GATEWAY" \
  --endpoint "$EKM_AWS_ENDPOINT" \
  --token-key "$EKM_TOKEN_KEY" \
  --data-root "$EKM_DATA_ROOT" \
  --reporter spec,junit,html,json \
  --out "${EKM_REPORTS:-ekm-reports}"
