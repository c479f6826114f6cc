#!/usr/bin/env bash
# Proves that the version REF runs on the schema of this one, beside it and alone, and that rolling
# back to it and forward again under load fails no request and loses no order.
#
#   deploy/verify-upgrade.sh [REF]
#
# REF is a commit; without one, the last before the newest change of a schema. Needs the .NET SDK.
# Builds REF in a temporary folder, then runs Artesanos.Tests/Deployment/UpgradeTests.cs against it.
set -euo pipefail
cd "$(dirname "$0")/.."

ref=${1:-$(git log -1 --format=%H -- '*/Data/Migrations/*')^}
git rev-parse --quiet --verify "$ref^{commit}" >/dev/null || {
    echo "$ref is no commit here; a shallow clone has too few: git fetch --unshallow" >&2
    exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/artesanos-upgrade-XXXXXX")
trap 'rm -rf "$work"' EXIT

echo "The version before: $(git log -1 --format='%h of %cs, "%s"' "$ref")"
mkdir "$work/source"
git archive "$ref" | tar --extract --directory "$work/source"
for service in Orders Payments Inventory; do
    (cd "$work/source" && dotnet build "Artesanos.$service" --configuration Release \
        --output "$work/${service,,}" --verbosity quiet --nologo)
    # The migrations' names begin with their time; the last one is the schema of that version.
    find "$work/source/Artesanos.$service/Data/Migrations" -name '*.Designer.cs' \
        -printf '%f\n' | sed 's/\.Designer\.cs$//' | sort | tail -n 1 >"$work/${service,,}/schema"
done

UPGRADE_FROM=$work dotnet run --project Artesanos.Tests -- \
    --explicit only --filter-trait Category=Upgrade --output Detailed
