#!/bin/sh
# Delivers events that wait each second, warms the cache each minute if Redis was emptied, and sweeps
# each hour. A call that fails says so and is made again; each has its time.
set -eu

call() {
    # By standard input: an argument would be in the list of processes.
    printf 'header = "Authorization: Bearer %s"\n' "$INTERNAL_SECRET" |
        curl --disable --config - --silent --show-error --fail --output /dev/null --max-time 50 \
            --request POST "${SERVICE_URL:-http://service:3000}$1" || true
}

second=0
while true; do
    call /internal/outbox/drain
    if [ $((second % 60)) -eq 0 ]; then
        call /internal/cache/warm
    fi
    if [ $((second % 3600)) -eq 0 ]; then
        call /internal/sweep
    fi
    second=$((second + 1))
    sleep 1
done
