#!/bin/bash
# Runs once, when PostgreSQL's volume is empty: a database for each service with two roles that
# can reach this one and no other. <service>_owner makes and changes the schema, <service> is who
# the service is: it may only do what its provisioning grants it.
set -euo pipefail

create() {
    local service=$1 password=$2 owner_password=$3
    psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --quiet \
        --set service="$service" --set owner="${service}_owner" \
        --set password="$password" --set owner_password="$owner_password" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"owner";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";
SQL
}

psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --quiet \
    --command 'REVOKE ALL ON DATABASE postgres FROM PUBLIC' \
    --command 'REVOKE ALL ON DATABASE template1 FROM PUBLIC'
create orders "$ORDERS_DB_PASSWORD" "$ORDERS_DB_OWNER_PASSWORD"
create payments "$PAYMENTS_DB_PASSWORD" "$PAYMENTS_DB_OWNER_PASSWORD"
create inventory "$INVENTORY_DB_PASSWORD" "$INVENTORY_DB_OWNER_PASSWORD"
