# shellcheck shell=bash
# Programs of the verification that may be missing. Sourced; needs $work, $cache.

# docker.io, iptables and slirp4netns are installed; Debian 12 has no compose plugin, and what
# comes from a newer suite is only unpacked, never installed.
bring_tools() {
    local program missing=()
    for program in dockerd:docker.io iptables:iptables slirp4netns:slirp4netns curl:curl wget:wget; do
        command -v "${program%%:*}" >/dev/null || missing+=("${program##*:}")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        say "installing ${missing[*]}"
        # Without a run level the package does not start a daemon of its own.
        { apt-get update -q && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$work/apt.log" 2>&1 \
            || { tail -5 "$work/apt.log"; fail "apt-get install ${missing[*]}"; }
    fi

    local plugin=/usr/libexec/docker/cli-plugins/docker-compose
    if [ ! -x "$plugin" ]; then
        plugin=$cache/docker-compose$plugin
        [ -x "$plugin" ] || unpack_newer docker-compose trixie sid
    fi
    export DOCKER_CONFIG=$work/docker-config
    mkdir -p "$DOCKER_CONFIG/cli-plugins"
    ln -s "$plugin" "$DOCKER_CONFIG/cli-plugins/docker-compose"
    say "tools: $(dockerd --version), $(docker compose version)"
}

# A package of the machine's own suite, unpacked into the cache.
unpack() {
    mkdir -p "$work/apt/downloads"
    (cd "$work/apt/downloads" && { apt-get update -q && apt-get download -q "$1"; } \
        >"$work/apt.log" 2>&1) || fail "apt-get download $1: $(tail -1 "$work/apt.log")"
    keep_unpacked "$1"
}

# A package of a newer suite of the machine's own mirror, the first suite that has it, through an
# apt with folders of its own: signatures are verified as ever, and nothing of the system changes.
unpack_newer() {
    local package=$1 mirror suite key=/usr/share/keyrings/debian-archive-keyring.gpg
    shift
    # shellcheck disable=SC2016 # the format is apt's
    mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' \
        | sed -n 's/^Debian //p' | head -1)
    [ -n "$mirror" ] || fail "this machine's apt has no mirror of Debian to bring $package from"
    for suite in "$@"; do
        rm -rf "$work/apt"
        mkdir -p "$work"/apt/{state/lists/partial,cache/archives/partial,none,downloads}
        : >"$work/apt/status"
        echo "deb [signed-by=$key] $mirror $suite main" >"$work/apt/sources.list"
        cat >"$work/apt/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State "$work/apt/state";
Dir::State::status "$work/apt/status";
Dir::Cache "$work/apt/cache";
Dir::Etc::SourceList "$work/apt/sources.list";
Dir::Etc::SourceParts "$work/apt/none";
Dir::Etc::Preferences "$work/apt/status";
Dir::Etc::PreferencesParts "$work/apt/none";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::PDiffs "false";
CONF
        if (cd "$work/apt/downloads" && apt-get -c "$work/apt/apt.conf" update -q \
            && apt-get -c "$work/apt/apt.conf" download -q "$package") >"$work/apt.log" 2>&1; then
            keep_unpacked "$package"
            say "unpacked $package of $suite into $cache"
            return
        fi
    done
    fail "$package could not be brought: $(tail -1 "$work/apt.log")"
}

# The folder in the cache appears complete or not at all.
keep_unpacked() {
    mkdir -p "$cache"
    rm -rf "$work/unpacked"
    dpkg-deb -x "$work/apt/downloads/$1"_*.deb "$work/unpacked"
    rm -rf "${cache:?}/$1"
    cp -r "$work/unpacked" "$cache/$1.new" && mv "$cache/$1.new" "$cache/$1"
    rm -rf "$work/apt" "$work/unpacked"
}
