# shellcheck shell=bash
# A dockerd in namespaces of its own. Its containers, bridges, firewall rules and mounts are in
# there with it, and the kernel ends them all when it ends. slirp4netns is its way to the outside.
# Sourced; needs $work.

daemon='' dockerd='' network=''

start_daemon() {
    export DOCKER_HOST=unix://$work/docker.sock
    unshare --net --mount --pid --fork --mount-proc --kill-child \
        dockerd --data-root "$work/data" --exec-root "$work/exec" --host "$DOCKER_HOST" \
        --pidfile "$work/docker.pid" --cgroup-parent "/artesanos-$$" >"$work/dockerd.log" 2>&1 &
    daemon=$!
    for _ in $(seq 50); do
        dockerd=$(pgrep --parent "$daemon" || true)
        [ -z "$dockerd" ] || break
        sleep 0.1
    done
    [ -n "$dockerd" ] || fail "dockerd did not start: $(tail -1 "$work/dockerd.log")"
    inside=(nsenter --target "$dockerd" --net)
    slirp4netns --configure --mtu=65520 --disable-host-loopback "$dockerd" tap0 \
        >"$work/slirp.log" 2>&1 &
    network=$!
    for _ in $(seq 100); do
        if docker info >/dev/null 2>&1; then
            say "dockerd of its own, process $dockerd: $(docker info \
                --format '{{.ServerVersion}}, {{.Driver}}, cgroup v{{.CgroupVersion}}')"
            return
        fi
        sleep 0.3
    done
    fail "dockerd does not answer: $(tail -1 "$work/dockerd.log")"
}

# By id: dockerd is the first process of its namespace, and with it everything in there ends.
stop_daemon() {
    local process
    for process in $dockerd $network; do
        kill "$process" 2>/dev/null || continue
        for _ in $(seq 100); do
            kill -0 "$process" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$process" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    # Docker leaves the empty parents of its containers' control groups.
    find /sys/fs/cgroup -depth -type d -path "*/artesanos-$$/*" -exec rmdir {} + 2>/dev/null || true
    find /sys/fs/cgroup -depth -type d -name "artesanos-$$" -exec rmdir {} + 2>/dev/null || true
}

daemon_is_gone() {
    local left
    left=$(pgrep --full -- "$work/" || true)
    [ -z "$left" ] || fail "processes are left: $left"
    left=$(find /sys/fs/cgroup -type d -name "artesanos-$$" 2>/dev/null; grep "$work/" /proc/mounts || true)
    [ -z "$left" ] || fail "groups or mounts are left: $left"
    say "dockerd and its processes have ended"
}
