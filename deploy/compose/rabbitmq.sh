#!/bin/bash
# Puts the passwords' hashes into the definitions, then runs the image's own entry point.
set -euo pipefail

hash() {
    rabbitmqctl --quiet hash_password "$1" | tail -n 1
}
publisher="$(hash "$PUBLISHER_PASSWORD")"
reader="$(hash "$READER_PASSWORD")"
# Base64 has neither a bar nor an ampersand.
sed --expression "s|{{ publisher_password_hash }}|$publisher|" \
    --expression "s|{{ reader_password_hash }}|$reader|" \
    /definitions.json >/etc/rabbitmq/definitions.json
exec docker-entrypoint.sh "$@"
