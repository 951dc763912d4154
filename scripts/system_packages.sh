#!/bin/sh
# Installs Debian packages as root; as anyone else says the exact command and stops.
set -eu

[ "$(id -u)" = 0 ] || {
    echo "Tandem needs these system packages. Please run as root, then try again:" >&2
    echo "    apt-get update && apt-get install --no-install-recommends $*" >&2
    exit 1
}
command -v apt-get > /dev/null || {
    echo "Tandem needs these packages (by their Debian names), and this machine has no apt-get: $*" >&2
    exit 1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
{ apt-get update && apt-get install --yes --no-install-recommends "$@"; } > "$log" 2>&1 || {
    cat "$log" >&2
    exit 1
}
