#!/bin/bash
# Run once by the image of PostgreSQL, on an empty database: the service's role with its database, and
# the replica's role with its slot.
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set service="$SERVICE_PASSWORD" --set replication="$REPLICATION_PASSWORD" <<'SQL'
create role user_service login password :'service';
-- A second net below "no BEGIN": a transaction that is left open ends by itself.
alter role user_service set idle_in_transaction_session_timeout = '3s';
create database user_service owner user_service;
create role replication login replication password :'replication';
select pg_create_physical_replication_slot('replica');
SQL

# "all" in the lines of the image means databases, not replication.
printf 'host replication replication all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
