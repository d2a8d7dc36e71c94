#!/bin/sh
# Set the demonstration up where it is missing, then run server and worker until Ctrl-C.
set -e
cd "$(dirname "$0")/.."
export TRAINING_DEMO=1 TRAINING_PORT="$1" TRAINING_BASE_URL="http://127.0.0.1:$1"
export TRAINING_DATA="${TRAINING_DATA:-var}"
training=".venv/bin/python -m training.cli"
$training init
$training demo
$training worker &
worker=$!
trap 'kill $worker 2>/dev/null; wait $worker 2>/dev/null' EXIT
trap 'exit 0' INT TERM
$training serve
