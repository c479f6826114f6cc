# shellcheck shell=bash
# Images for a machine that cannot pull any: made of its own programs, under the official names, so
# that compose.dev.yaml and Dockerfile run as they are. Each carries a label that says so, and what
# it really is. They prove the files of this repository, not the official images.
# Sourced by deploy/verify-compose.sh; needs $work, $cache, docker().

stand_in_label=artesanos.stand-in

# The images that run, from the two files that name them; the profile's two have no stand-in.
wanted_images() {
    { sed -nE 's/^FROM (\S+).*/\1/p' Dockerfile
      sed -nE 's/^ +image: (\S+)/\1/p' compose.dev.yaml; } \
        | grep -v -e '^artesanos/' -e grafana -e aspire-dashboard | sort -u
}

provide_image() {
    local image=$1
    if timeout 600 docker pull --quiet "$image" >"$work/pull.log" 2>&1; then
        say "image $image: pulled"
        return
    fi
    rm -rf "$work/root"
    case $image in
        */dotnet/sdk:*) sdk_image "$image" ;;
        */dotnet/aspnet:*) aspnet_image "$image" ;;
        postgres:*) postgres_image "$image" ;;
        nats:*) nats_image "$image" ;;
        prom/prometheus:*) prometheus_image "$image" ;;
        *) fail "$image cannot be pulled, and there is no stand-in: $(tail -1 "$work/pull.log")" ;;
    esac
    rm -rf "$work/root"
    say "image $image: STAND-IN, $(docker image inspect "$image" \
        --format "{{index .Config.Labels \"$stand_in_label\"}}")"
}

sdk_image() {
    base_root
    dotnet_root .
    copy_files "$(command -v tar)" "$(command -v find)"
    # Packages come the way they come to this machine: its sources, and whom it trusts.
    if [ -f ~/.nuget/NuGet/NuGet.Config ]; then
        install -D -m 644 ~/.nuget/NuGet/NuGet.Config \
            "$work/root/root/.nuget/NuGet/NuGet.Config"
    fi
    import_root "$1" "the SDK $(dotnet --version) of this machine" \
        "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true DOTNET_NOLOGO=true" \
        "ENV DOTNET_CLI_TELEMETRY_OPTOUT=true HOME=/root" \
        "ENV NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}"
}

aspnet_image() {
    base_root
    dotnet_root dotnet host shared
    import_root "$1" "the ASP.NET Core runtime of this machine's SDK $(dotnet --version)" \
        "ENV APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true"
}

postgres_image() {
    local bin share
    bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -1)
    [ -n "$bin" ] || fail "a stand-in for $1 needs PostgreSQL: apt-get install postgresql"
    share=/usr/share/postgresql/$(basename "$(dirname "$bin")")
    base_root
    # shellcheck disable=SC2046 # names of libraries have no spaces
    copy_files "$bin"/{postgres,initdb,pg_ctl,psql,pg_isready} \
        $(find "$(dirname "$bin")/lib" -name '*.so' ! -name 'llvm*')
    cp --parents -r "$share" /usr/lib/locale/C.utf8 "$work/root"
    ln -s "$bin"/{postgres,initdb,pg_ctl,psql,pg_isready} "$work/root/usr/bin/"
    install -m 755 deploy/verify/postgres-entrypoint.sh "$work/root/entrypoint.sh"
    install -d -o 999 -g 999 -m 700 "$work/root/var/lib/postgresql/data"
    install -d -o 999 -g 999 -m 3777 "$work/root/run/postgresql"
    import_root "$1" "$("$bin/postgres" --version) of this machine" \
        'ENTRYPOINT ["/entrypoint.sh"]' "ENV PGDATA=/var/lib/postgresql/data LANG=C.UTF-8"
}

nats_image() {
    local program=$cache/nats-server/usr/sbin/nats-server
    [ -x "$program" ] || unpack_newer nats-server sid trixie
    base_root
    copy_files "$program"
    install -D -m 755 "$program" "$work/root/usr/bin/nats-server"
    import_root "$1" "$("$program" --version) from Debian's newer suite" \
        'CMD ["nats-server"]'
}

prometheus_image() {
    local program=$cache/prometheus/usr/bin/prometheus
    [ -x "$program" ] || unpack prometheus
    base_root
    copy_files "$program"
    install -D -m 755 "$program" "$work/root/usr/bin/prometheus"
    install -d -o 65534 -g 65534 "$work/root/prometheus"
    import_root "$1" "$("$program" --version 2>&1 | head -1 | cut -d'(' -f1)of Debian" \
        'ENTRYPOINT ["/bin/prometheus"]' 'USER nobody'
}

# A root file system with a shell, the programs that scripts and health checks need, and users.
base_root() {
    local root=$work/root tool tools=()
    mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{etc,dev,proc,sys,root,run,var} \
        "$root/usr/lib/ssl"
    ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
    ln -s /run "$root/var/run"
    install -d -m 1777 "$root/tmp" "$root/var/tmp"
    for tool in bash sh env cat cp ls ln mkdir rm chmod chown id basename dirname sleep grep sed wget; do
        tools+=("$(command -v "$tool")")
    done
    copy_files "${tools[@]}" "$(ldconfig -p | awk '/libnss_files/ { print $NF; exit }')"
    cp -rL --parents /etc/ssl/certs "$root" 2>/dev/null
    ln -s /etc/ssl/certs "$root/usr/lib/ssl/certs"
    printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' \
        'app:x:1654:1654::/home/app:/bin/sh' 'nobody:x:65534:65534::/:/bin/false' \
        >"$root/etc/passwd"
    printf '%s\n' 'root:x:0:' 'postgres:x:999:' 'app:x:1654:' 'nobody:x:65534:' >"$root/etc/group"
}

# Parts of this machine's dotnet, with the libraries that they and TLS need.
dotnet_root() {
    local home root=$work/root
    home=$(dirname "$(readlink -f "$(command -v dotnet)")")
    mkdir -p "$root/usr/share/dotnet"
    tar -C "$home" -c "$@" | tar -C "$root/usr/share/dotnet" -x
    ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
    # shellcheck disable=SC2046
    copy_files $(ldconfig -p | awk '/lib(ssl|crypto)\.so\.3 / { print $NF }') \
        $(find "$home/shared" "$home/host" -name '*.so') "$home/dotnet"
}

# Copies programs and libraries with every library they load, as files and never as links.
copy_files() {
    { printf '%s\n' "$@"; ldd "$@" 2>/dev/null | grep -oE '(=> |^\s+)/[^ ]+' | grep -oE '/.*'; } \
        | sort -u | tar -ch -P -T - | tar -x -C "$work/root" --keep-directory-symlink \
            --transform 's,^/,,'
}

import_root() {
    local image=$1 what=$2 change changes=()
    shift 2
    for change in "ENV PATH=/usr/sbin:/usr/bin" "LABEL $stand_in_label=\"$what\"" "$@"; do
        changes+=(--change "$change")
    done
    tar -C "$work/root" -c . | docker import "${changes[@]}" - "$image" >/dev/null \
        || fail "the stand-in for $image could not be made"
}
