#!/bin/bash
# Of the stand-in for the official image: what that image's own script does for an empty volume.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --username=postgres --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    pg_ctl start --wait --silent -o "-c listen_addresses='' -k /run/postgresql"
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ ! -f "$script" ] || POSTGRES_USER=postgres bash "$script"
    done
    pg_ctl stop --wait --silent --mode=fast
fi
exec "$@"
