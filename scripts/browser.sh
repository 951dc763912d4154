#!/bin/sh
# Sees to it that there is a Chromium to test the web pages with: root gets Debian's, others are told how to get it.
# Without one those tests are skipped, and say so; everything else is tested all the same.
set -eu
cd "$(dirname "$0")/.."

command -v chromium > /dev/null && exit 0
[ "$(id -u)" != 0 ] || echo "set-up: installing Chromium for the tests of the web pages" >&2
sh scripts/system_packages.sh chromium || echo "set-up: until then the tests of the web pages are skipped" >&2
