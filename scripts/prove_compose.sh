#!/bin/sh
# Starts docker-compose.yml for real, with podman, and looks whether a clinic works in it: an opt-in check, for a machine without an image registry.
# Needs root, podman 4, podman-compose and debootstrap. Everything it makes is named tandem-proof; KEEP=1 leaves it standing.
#
# Two things differ from `docker compose up`, because nothing can be pulled: the base is a Debian made by debootstrap, and so are the images of the database
# (Debian's own PostgreSQL, with the same settings and health check) and of the mail catcher (scripts/catch_mail.py).
set -eu
cd "$(dirname "$0")/.."

base=localhost/tandem-proof-base
work=$(mktemp -d)
export CONTAINERS_CONF="$work/containers.conf"
export POSTGRES_PASSWORD=proof SECRET_KEY="only for this proof" PORT="${PORT:-8190}" MAIL_PORT="${MAIL_PORT:-8191}"
export MAIL_SERVER=smtp://mail:1025 MAIL_FROM=note@clinic.example

say() { echo "proof: $*" >&2; }

compose() { podman-compose --project-name tandem-proof --profile try -f docker-compose.yml -f "$work/proof.yml" "$@"; }

clean_up() {
    if [ -z "${KEEP:-}" ]; then # of several alike, podman-compose takes only the first down
        podman ps --all --quiet --filter name=tandem-proof | xargs -r podman rm --force > /dev/null 2>&1 || true
        compose down --volumes > /dev/null 2>&1 || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap "exit 1" INT TERM

# Without systemd podman needs to be told how to run, and nothing asks for anybody's health: we do, below.
write_settings() {
    cat > "$CONTAINERS_CONF" << EOF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
[engine.runtimes]
runc = ["$(command -v runc)"]
EOF
    cat > "$work/proof.yml" << EOF
services:
  database: {image: localhost/tandem-proof-database}
  web: {image: localhost/tandem-proof, depends_on: []}
  clock: {image: localhost/tandem-proof, depends_on: []}
  worker: {image: localhost/tandem-proof, depends_on: []}
  mail:
    image: $base
    command: ["python3", "/tandem/scripts/catch_mail.py", "/letters", "1025", "0.0.0.0"]
    volumes: ["$PWD:/tandem:ro"]
EOF
}

make_base() {
    podman image exists "$base" && return
    say "making a Debian"
    debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates,postgresql bookworm "$work/root" > "$work/log"
    tar -C "$work/root" -c . | podman import - "$base" > /dev/null
    rm -rf "$work/root"
}

# What this machine needs to reach its package indexes goes in for the build only.
build() {
    set -- --format docker --isolation chroot --network host --build-arg "BASE_IMAGE=$base" "$@"
    for path in /etc/ssl/certs /etc/pip.conf "$HOME/.npmrc"; do
        [ ! -e "$path" ] || set -- --volume "$path:$path:ro" "$@"
    done
    for name in $(env | sed -n 's/^\(\(PIP\|UV\|NPM\|SSL\|NODE\|REQUESTS\)_[A-Z_]*\)=.*/\1/p'); do
        set -- --env "$name=$(printenv "$name")" "$@"
    done
    podman build "$@" > "$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 1; }
}

make_images() {
    make_base
    say "building Tandem by its Dockerfile"
    build --tag localhost/tandem-proof .
    say "building a database"
    mkdir "$work/database"
    cat > "$work/database/start" << 'EOF'
#!/bin/sh
set -eu
programs=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
chown postgres "$data"
as() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
if [ ! -f "$data/PG_VERSION" ]; then
    echo "$POSTGRES_PASSWORD" > /run/password && chown postgres /run/password
    as "$programs/initdb" -D "$data" -U "$POSTGRES_USER" --pwfile /run/password -A scram-sha-256 --encoding UTF8 --locale C > /dev/null
    rm /run/password
    echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
    echo "local all all trust" > "$data/pg_hba.new" && grep -v "^local" "$data/pg_hba.conf" >> "$data/pg_hba.new"
    chown postgres "$data/pg_hba.new" && mv "$data/pg_hba.new" "$data/pg_hba.conf"
    as "$programs/pg_ctl" -D "$data" -w -o "-c listen_addresses=" start > /dev/null
    as "$programs/createdb" -h /var/run/postgresql -U "$POSTGRES_USER" "$POSTGRES_DB"
    as "$programs/pg_ctl" -D "$data" -w stop > /dev/null
fi
exec setpriv --reuid postgres --regid postgres --init-groups "$programs/postgres" -D "$data" -c "listen_addresses=*"
EOF
    cat > "$work/database/Dockerfile" << 'EOF'
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY start /start
CMD ["sh", "/start"]
EOF
    build --tag localhost/tandem-proof-database "$work/database"
}

# A container by its service and its number.
name_of() { podman ps --all --format '{{.Names}}' | grep -E "^tandem-proof[-_]$1[-_]$2\$"; }

soon() {
    what=$1 tries=$2
    shift 2
    until "$@" > /dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { say "it did not come about: $what"; compose logs 2>&1 | tail -30 >&2; exit 1; }
        sleep 1
    done
    say "$what"
}

healthy() { podman healthcheck run "$(name_of "$1" 1)"; }
answers() { python3 -c "import sys, urllib.request as web; web.urlopen(sys.argv[1], timeout=5)" "http://127.0.0.1:$PORT$1"; }
letters() { podman exec "$(name_of mail 1)" sh -c 'ls /letters | wc -l'; }
many_letters() { [ "$(letters)" -ge 10 ]; }
running() { podman ps --format '{{.Names}}' | grep -cE "^tandem-proof[-_]$1[-_][0-9]+\$"; }
all_run() { [ "$(running clock)" -eq 2 ] && [ "$(running worker)" -eq 2 ]; }

write_settings
make_images
compose up --detach database mail
soon "the database is healthy, by the check in docker-compose.yml" 60 healthy database
compose up --detach --no-deps web
soon "the web server is healthy, by the check in the Dockerfile" 120 healthy web
for service in clock worker; do # podman-compose takes one number a time
    compose up --detach --no-deps --scale "$service=2" "$service"
done
soon "two clocks and two workers run" 30 all_run
soon "the clock ticks" 60 answers /readyz/clock
podman exec "$(name_of web 1)" tandem demo > /dev/null
say "the demo clinic is in"
soon "letters arrive in the mail catcher" 120 many_letters
podman rm --force --time 0 "$(name_of clock 1)" > /dev/null
sleep 70
soon "one clock was killed, and the other ticks" 10 answers /readyz/clock
podman exec "$(name_of mail 1)" sh -c 'cat /letters/*' | grep '^Message-ID' | sort | uniq --repeated | grep . && { say "a letter came twice"; exit 1; }
say "$(letters) letters, none of them twice"
