#!/bin/sh
# Writes requirements/*.txt from requirements/*.in: exact versions, every file by hash, no address of any index.
# Versions already locked are kept; `make lock UPGRADE=1` takes the newest that the .in files allow.
set -eu
cd "$(dirname "$0")/../requirements"

# Where the machine has certificates of its own, as behind a hospital's proxy, those are the ones to trust.
[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

uv=../.venv/bin/uv
together=$(mktemp)
trap 'rm -f "$together"' EXIT

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate \
        --custom-compile-command "make lock" --overrides mobile-overrides.in "$@"
}

# One resolution of everything first, so that no two locks ever disagree about a version.
[ -n "${UPGRADE:-}" ] || cat -- *.txt > "$together" 2> /dev/null || true
compile server.in planner.in mobile.in dev.in --output-file "$together"

for name in server planner mobile dev; do
    compile --generate-hashes --constraints "$together" "$name.in" --output-file "$name.txt"
done
for name in installer node; do
    compile --generate-hashes "$name.in" --output-file "$name.txt"
done

if grep -n '://' -- *.txt; then
    echo "A lock names an address. Locks must work with whatever index a clinic uses." >&2
    exit 1
fi
