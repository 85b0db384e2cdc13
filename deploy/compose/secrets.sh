#!/bin/sh
# Makes what compose.yaml needs and git does not have: passwords in .env, and in tls/ a certificate that
# nobody else has signed. What is there stays.
set -eu
cd "$(dirname "$0")"
umask 077

touch .env
for name in POSTGRES_PASSWORD SERVICE_PASSWORD REPLICATION_PASSWORD REDIS_PASSWORD PUBLISHER_PASSWORD \
    READER_PASSWORD JWT_SECRET INTERNAL_SECRET UNSUBSCRIBE_SECRET; do
    if ! grep -q "^$name=" .env; then
        printf '%s=%s\n' "$name" "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" >>.env
    fi
done

if [ ! -e tls/user-service.crt ]; then
    mkdir -p tls
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
        -keyout tls/user-service.key -out tls/user-service.crt 2>/dev/null
fi
