#!/bin/bash
# Copies the primary the first time, then runs the command: PostgreSQL as its replica.
set -euo pipefail

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Whatever a copy that was broken off has left.
    find "$PGDATA" -mindepth 1 -delete
    PGPASSWORD="$REPLICATION_PASSWORD" pg_basebackup --pgdata "$PGDATA" --wal-method stream \
        --write-recovery-conf --slot replica --checkpoint fast \
        --host "$PRIMARY" --port "${PRIMARY_PORT:-5432}" --username replication
    chmod 0700 "$PGDATA"
fi
exec "$@"
