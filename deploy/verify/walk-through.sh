# shellcheck shell=bash
# What is looked at while compose.dev.yaml runs. Sourced; needs $work, compose(), inside[].

# Every container that runs is healthy, every job has ended well; the last word after 3 minutes.
wait_until_healthy() {
    local bad='' deadline=$((SECONDS + 180))
    while [ "$SECONDS" -lt "$deadline" ]; do
        bad=$(compose ps --all --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}' \
            | grep -v -E ' running healthy 0$| exited +0$' || true)
        [ -n "$bad" ] || return 0
        sleep 1
    done
    fail "not healthy: $bad"
}

# What the kernel says about each container's first process, and the bounds that Docker has set.
containers_are_confined() {
    local id name status bounds
    for id in $(compose ps --quiet); do
        name=$(docker inspect "$id" --format '{{.Name}}')
        status=$(docker exec "$id" cat /proc/1/status)
        ! grep -qE '^Uid:\s+0\b' <<<"$status" || fail "$name runs as root"
        grep -qE '^CapBnd:\s+0+$' <<<"$status" || fail "$name has capabilities"
        grep -qE '^NoNewPrivs:\s+1$' <<<"$status" || fail "$name may gain rights"
        bounds=$(docker inspect "$id" --format \
            '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}')
        grep -qE '^true [1-9][0-9]* [1-9][0-9]*$' <<<"$bounds" \
            || fail "$name is writable or without bounds: $bounds"
    done
    say "every container: not root, read-only, no capabilities, no new rights, bounded"
}

# The role of each service reaches its own database, and there it may change rows and no table.
databases_are_apart() {
    local role database
    for role in orders payments inventory; do
        as_role "$role" "$role" 'SELECT count(*) FROM outbox' || fail "$role cannot read its outbox"
        ! as_role "$role" "$role" 'CREATE TABLE probe (id int)' || fail "$role can make tables"
        for database in orders payments inventory postgres template1; do
            [ "$role" = "$database" ] || ! as_role "$role" "$database" 'SELECT 1' \
                || fail "role $role reaches database $database"
        done
    done
    say "three databases, and each service's role reaches its own alone, rows only"
}

as_role() {
    # shellcheck disable=SC2016 # the container's shell expands it
    compose exec -T postgres bash -c 'name=${0^^}_DB_PASSWORD; PGPASSWORD=${!name} psql \
        --host 127.0.0.1 --username "$0" --dbname "$1" --command "$2"' "$@" >/dev/null 2>&1
}

# The commands of the document as they stand there. The fourth one is asked again until the saga
# has ended: a reader takes a moment to type it.
walk_through() {
    local document=$1 count answer
    mkdir "$work/walk"
    awk -v folder="$work/walk" '
        /^## / { here = ($0 == "## Walk through") }
        here && /^```$/ && !open { open = 1; n++; next }
        /^```/ && !open { open = 2; next }
        /^```$/ { open = 0; next }
        open == 1 { print > (folder "/" n ".sh") }' "$document"
    count=$(find "$work/walk" -name '*.sh' | wc -l)
    [ "$count" = 5 ] || fail "the walk-through of $document has $count commands, not 5"
    answer=$(walk 1 2 3) || fail "the walk-through: $answer"
    grep -q '"status":"STARTED"' <<<"$answer" || fail "the order was not placed: $answer"
    await_completed 4
    answer=$(walk 1 5)
    [ "$(grep -o '"status":"[A-Z_]*"' <<<"$answer" | tail -1)" = '"status":"COMPLETED"' ] \
        || fail "the order's history: $answer"
    say "walk-through of $document: order $(sed -E 's/.*"id":"([^"]+)".*/\1/' \
        "$work/walk/order.json") COMPLETED through the gateway on port 8080"
}

# Runs these commands of the walk-through as one script, beside the gateway's published port.
walk() {
    local step script
    script=$(for step in "$@"; do cat "$work/walk/$step.sh"; done)
    case " $* " in *' 5 '*) script="ID=\$(sed -E 's/.*\"id\":\"([^\"]+)\".*/\1/' order.json)
$script" ;; esac
    (cd "$work/walk" && "${inside[@]}" bash -euo pipefail -c "$script")
}

await_completed() {
    local answer deadline=$((SECONDS + 60))
    while [ "$SECONDS" -lt "$deadline" ]; do
        answer=$(walk 1 "$1" 2>&1 || true)
        ! grep -q '"status":"COMPLETED"' <<<"$answer" || return 0
        sleep 0.5
    done
    fail "the order did not complete: $answer"
}

# Another order, under a key of its own. Answers while something is still coming back are errors
# to be tried again, as a shopper's page would; the key makes that safe.
complete_an_order() {
    local answer deadline=$((SECONDS + 60))
    sed -i "s/Idempotency-Key: [a-z-]*/Idempotency-Key: $1/" "$work/walk/3.sh"
    while [ "$SECONDS" -lt "$deadline" ]; do
        answer=$(walk 1 3 2>&1 || true)
        if grep -q '"id":' <<<"$answer"; then
            await_completed 4
            return
        fi
        sleep 0.5
    done
    fail "no order was accepted: $answer"
}

# The rules are loaded, and what they judge arrives.
prometheus_sees_every_service() {
    local up deadline=$((SECONDS + 60))
    while [ "$SECONDS" -lt "$deadline" ]; do
        up=$("${inside[@]}" curl -s 'http://localhost:19090/api/v1/query' \
            --data-urlencode 'query=count(up{job=~"gateway|orders|payments|inventory"} == 1)')
        if grep -q '"4"\]' <<<"$up" && "${inside[@]}" curl -s 'http://localhost:19090/api/v1/rules' \
            | grep -q '"name":"SagaStuck"'; then
            say "Prometheus scrapes the four services and has the rules"
            return
        fi
        sleep 1
    done
    fail "Prometheus does not see four services: $up"
}

nothing_is_left() {
    local left
    left=$(docker ps --all --quiet; docker volume ls --quiet; docker network ls --quiet \
        --filter name=artesanos)
    [ -z "$left" ] || fail "left after down: $left"
    say "down: no container, volume or network is left"
}
