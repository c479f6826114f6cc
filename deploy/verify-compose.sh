#!/usr/bin/env bash
# Runs compose.dev.yaml as a new user would and proves that it works: build, up, every health check
# green, the walk-through of README.md, each container restarted, down, nothing left.
#
#   sudo deploy/verify-compose.sh
#
# Needs root and Debian or Ubuntu: it starts a dockerd of its own, with its own network, mounts and
# processes, which end with it. A Docker that runs already is neither used nor touched, and ports
# that are taken on this machine are no matter. Missing programs are brought by apt. Images that
# cannot be pulled are replaced by stand-ins (deploy/verify/stand-ins.sh). Exit code 0 or 1.
set -euo pipefail
cd "$(dirname "$0")/.."
exec 3>&1

say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }
fail() { printf '%4ds  FAILED: %s\n' "$SECONDS" "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "a dockerd needs root: run it with sudo"
command -v apt-get >/dev/null || fail "only Debian and Ubuntu are known here: apt-get is missing"

work=$(mktemp -d "${TMPDIR:-/tmp}/artesanos-compose-XXXXXX")
cache=${XDG_CACHE_HOME:-/var/cache}/artesanos/packages
# shellcheck source=deploy/verify/tools.sh
. deploy/verify/tools.sh
# shellcheck source=deploy/verify/daemon.sh
. deploy/verify/daemon.sh
# shellcheck source=deploy/verify/stand-ins.sh
. deploy/verify/stand-ins.sh
# shellcheck source=deploy/verify/walk-through.sh
. deploy/verify/walk-through.sh

compose() { docker compose --file "$work/artesanos/compose.dev.yaml" "$@"; }

# Whatever happens: no daemon, no container, no folder stays. A failure shows what was said last.
finish() {
    local code=$?
    trap - EXIT INT TERM
    exec >&3 2>&3 # an interrupted step may have sent its output to a log
    if [ "$code" != 0 ] && [ -d "$work/artesanos" ]; then
        compose ps --all --format '{{.Service}}: {{.Status}}' 2>&1 || true
        compose logs --tail 15 2>&1 | tail -120 || true
    fi
    stop_daemon
    rm -rf "$work"
    [ "$code" = 0 ] && say "OK" || say "NOT OK"
    exit "$code"
}
trap finish EXIT
trap 'exit 1' INT TERM

bring_tools
start_daemon
for image in $(wanted_images); do
    provide_image "$image"
done

# The working tree as Git sees it, so that no local build output and no .env takes part.
mkdir "$work/artesanos"
git ls-files -z --cached --others --exclude-standard | tar --null --files-from - --create \
    | tar --extract --directory "$work/artesanos"
cp "$work/artesanos/.env.example" "$work/artesanos/.env"

compose build >"$work/build.log" 2>&1 || { tail -40 "$work/build.log"; fail "compose build"; }
say "built: $(docker images --format '{{.Repository}} {{.Size}}' 'artesanos/*' | paste -sd ,)"

compose up --detach >"$work/up.log" 2>&1 || { tail -20 "$work/up.log"; fail "compose up"; }
wait_until_healthy
say "up, every health check green: $(compose ps --services | paste -sd ' ')"
containers_are_confined
databases_are_apart
walk_through README.md
prometheus_sees_every_service

for service in $(compose ps --services); do
    compose restart "$service" >"$work/restart.log" 2>&1 \
        || { cat "$work/restart.log"; fail "restart of $service"; }
    wait_until_healthy
    complete_an_order "after-restart-of-$service"
    say "restarted $service, and another order completed"
done

compose down --volumes >"$work/down.log" 2>&1 || { cat "$work/down.log"; fail "compose down"; }
nothing_is_left
stop_daemon
daemon_is_gone
say "not run: the profile observability (Grafana, the Aspire dashboard), which has no stand-ins"
