#!/bin/sh
# Makes .venv hold exactly the named locks, e.g. `scripts/set_up.sh server planner`. Instant when nothing changed.
# Locks that an earlier call asked for stay installed, so `make run` never undoes what `make test` needed.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
stamp=$venv/.installed-locks

# Where the machine has certificates of its own, as behind a hospital's proxy, those are the ones to trust.
[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

say() { echo "set-up: $*" >&2; }

# One line a lock: its name and what it must hold. The folder counts too, because a .venv that was moved does not work.
fingerprint() {
    for name in "$@"; do
        echo "$name $( (pwd; cat scripts/set_up.sh requirements/installer.txt "requirements/$name.txt") | cksum)"
    done
}

already_installed() {
    [ -x "$venv/bin/tandem" ] && [ -f "$stamp" ] || return 1
    for name in "$@"; do
        grep -qxF "$(fingerprint "$name")" "$stamp" || return 1
    done
}

# The real path, not a version manager's stand-in, which may answer to the name and then refuse to run.
find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        "$name" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print(sys.executable)' 2> /dev/null && return
    done
    say "Tandem needs Python 3.11 or newer, and none was found."
    say "On Debian or Ubuntu, as root: apt-get install python3 python3-venv"
    exit 1
}

can() { "$python" -c "import $1" 2> /dev/null; }

# Debian ships Python without ensurepip and often without pip. Either is enough; with neither, one package is missing.
make_venv() {
    python=$(find_python)
    can ensurepip || can pip || sh scripts/system_packages.sh python3-venv
    say "making $venv with $("$python" --version)"
    rm -rf "$venv"
    if can ensurepip; then
        "$python" -m venv "$venv"
        set -- "$venv/bin/python" -m pip
    else
        "$python" -m venv --without-pip "$venv"
        set -- "$python" -m pip --python "$venv/bin/python"
    fi
    "$@" install --quiet --disable-pip-version-check --require-hashes \
        --requirement requirements/installer.txt 2> "$venv/pip.log" || { cat "$venv/pip.log" >&2; exit 1; }
    : > "$stamp"
}

# Tandem itself is not built, only made importable: nothing more to download, and an edit counts at once.
install_tandem() {
    pwd > "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tandem.pth"
    cat > "$venv/bin/tandem" << LAUNCHER
#!/bin/sh
exec '$(pwd)/$venv/bin/python' -P -c \\
    'import sys; sys.argv[0] = "tandem"; from server.cli import main; sys.exit(main())' "\$@"
LAUNCHER
    chmod 755 "$venv/bin/tandem"
}

install_locks() {
    say "installing what $* needs"
    for name in "$@"; do
        shift
        set -- "$@" "requirements/$name.txt"
    done
    "$venv/bin/uv" pip sync --quiet --require-hashes --python "$venv/bin/python" requirements/installer.txt "$@"
}

already_installed "$@" && exit 0
[ -f "$stamp" ] && "$venv/bin/uv" --version > /dev/null 2>&1 && "$venv/bin/python" --version > /dev/null 2>&1 || make_venv
# Unquoted on purpose: the names, one a word.
all=$( (printf '%s\n' "$@"; cut -d' ' -f1 "$stamp") | sort -u | tr '\n' ' ')
install_locks $all
install_tandem
fingerprint $all > "$stamp"
