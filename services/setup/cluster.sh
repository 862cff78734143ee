# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The private PostgreSQL cluster: made, started and stopped here, by nobody else. Sourced after
# lib.sh. It listens on a Unix socket only, whose directory only its users may enter:
#   postgres      superuser; the database's system user and root, known by their uid (peer)
#   gate_owner    owns the database and runs the migrations; password in a file
#   gate_service  what gated is; may only call functions; password in a file
# The caller sets:
#   CLUSTER_DATA     the directory of all versions' data; each major version has its own in it
#   CLUSTER_SOCKETS  the socket's directory: short, a socket's path has 107 bytes at most
#   CLUSTER_USER     the system user it runs as
#   CLUSTER_LOG      its log file

CLUSTER_OLDEST=15
PG_BIN='' PG_MAJOR='' PG_DATA=''

# The newest installed server that we support.
postgres_find() {
  local bin major
  PG_BIN=''
  for bin in /usr/lib/postgresql/[0-9]*/bin; do
    major=${bin%/bin} major=${major##*/}
    [[ -x $bin/initdb && $major -ge ${PG_MAJOR:-$CLUSTER_OLDEST} ]] || continue
    PG_BIN=$bin PG_MAJOR=$major
  done
  [[ -n $PG_BIN ]] || return 1
  PG_DATA=${CLUSTER_DATA:-}/$PG_MAJOR
}

# Data of another major version is neither opened nor left behind for an empty new cluster.
cluster_check_version() {
  local old
  [[ -e $PG_DATA/PG_VERSION ]] && return
  for old in "$CLUSTER_DATA"/*/PG_VERSION; do
    [[ -e $old ]] || continue
    cluster_explain_upgrade "$(<"$old")" "${old%/PG_VERSION}"
    return 1
  done
}

cluster_explain_upgrade() {
  local old=$1 data=$2
  if [[ $old -gt $PG_MAJOR ]]; then
    warn "$data was written by PostgreSQL $old, the newest one here is $PG_MAJOR." \
      "Install it: apt-get install postgresql-$old"
    return
  fi
  cat >&2 <<UPGRADE
${0##*/}: $data was written by PostgreSQL $old, the one here now is $PG_MAJOR. Make a copy of
$data, then upgrade it once, as root, with the programs of both versions installed:

  (cd $CLUSTER_DATA && install -d -o $CLUSTER_USER -g $CLUSTER_USER -m 700 $PG_MAJOR &&
   run="setpriv --reuid $CLUSTER_USER --regid $CLUSTER_USER --clear-groups" &&
   \$run $PG_BIN/initdb -D $PG_DATA -U postgres \\
     --locale=C.UTF-8 --encoding=UTF8 --data-checksums --auth=peer &&
   cp -p $data/pg_hba.conf $data/pg_ident.conf $PG_DATA/ &&
   \$run $PG_BIN/pg_upgrade -U postgres -s $CLUSTER_DATA \\
     -b /usr/lib/postgresql/$old/bin -B $PG_BIN -d $data -D $PG_DATA)

and run this again. Afterwards $data may be deleted.
UPGRADE
}

# Sized for a machine of two cores that also runs the service: memory is an eighth of the
# machine's, at most 512 MB.
cluster_settings() {
  local memory
  memory=$(awk '/^MemTotal:/ { m = $2 / 8192; m = m > 512 ? 512 : m; print int(m < 64 ? 64 : m) }' \
    /proc/meminfo)
  cat <<SETTINGS
# Written by the service at every start; changes belong into postgresql.conf, which reads this
# file first.
listen_addresses = ''
unix_socket_directories = '$CLUSTER_SOCKETS'
password_encryption = scram-sha-256
max_connections = 100
fsync = ${1:-on}
full_page_writes = ${1:-on}
synchronous_commit = on
shared_buffers = ${memory}MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 2GB
min_wal_size = 128MB
wal_buffers = 16MB
wal_compression = lz4
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u '
log_checkpoints = off
# No personal data in the log: neither parameters nor the values of a key that clashes.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
SETTINGS
}

cluster_access() {      # DATA-DIRECTORY: its pg_hba.conf and pg_ident.conf
  local user
  cat >"$1/pg_hba.conf" <<'HBA'
# TYPE  DATABASE  USER      METHOD
local   all       postgres  peer map=gate
local   all       all       scram-sha-256
HBA
  for user in "$CLUSTER_USER" "$(id -un)"; do
    printf 'gate %s postgres\n' "$user"
  done | sort -u >"$1/pg_ident.conf"
}

# Whole, or not at all: one without its access files would never let the service in.
cluster_make() {
  local new=$PG_DATA.new
  rm -rf "$new"
  (as "$CLUSTER_USER" "$PG_BIN/initdb" -D "$new" -U postgres --locale=C.UTF-8 --encoding=UTF8 \
    --data-checksums --auth=peer ${CLUSTER_FAST:+--no-sync} >>"$CLUSTER_LOG" 2>&1) ||
    die "initdb failed: $CLUSTER_LOG"
  cluster_access "$new"
  mv "$new" "$PG_DATA"
}

# Both files are read at each start, so a newer release brings its settings along.
cluster_configure() {
  local conf=$PG_DATA/postgresql.conf
  cluster_settings ${CLUSTER_FAST:+off} >"$PG_DATA/gate.conf"
  grep -q "^include 'gate.conf'" "$conf" && return
  # what initdb wrote stands behind the first line and would win over it
  sed -i -E -e 's/^(max_connections|shared_buffers|(max|min)_wal_size|(log_)?timezone) = /#&/' \
    -e "1i include 'gate.conf'" "$conf"
}

cluster_pid() { pid_of "$PG_DATA/postmaster.pid" postgres; }

# The eighth line of postmaster.pid tells how far the server is, and a file that a crash has left
# says "ready" for ever.
cluster_is_ready() {
  cluster_pid >/dev/null && [[ $(sed -n 8p "$PG_DATA/postmaster.pid" 2>/dev/null) == ready* ]]
}

cluster_is_up_or_dead() { cluster_is_ready || pid_gone "$1"; }

# Starts it in a session of its own; with CLUSTER_PARENT_DEATH set it dies with the caller.
cluster_start() {
  local pid
  cluster_is_ready && return
  cluster_configure
  (as "$CLUSTER_USER" setsid setpriv --pdeathsig "${CLUSTER_PARENT_DEATH:-keep}" -- \
    "$PG_BIN/postgres" -D "$PG_DATA") >>"$CLUSTER_LOG" 2>&1 </dev/null 9>&- &
  pid=$!
  wait_until 60 cluster_is_up_or_dead "$pid" && cluster_is_ready && return
  tail -n 5 "$CLUSTER_LOG" >&2
  die "PostgreSQL did not start: $CLUSTER_LOG"
}

# SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, all is written out.
cluster_stop() {
  local pid
  pid=$(cluster_pid) || return 0
  pid_stop "$pid" INT 60
}

# superuser_psql ARGUMENTS...
superuser_psql() {
  (cd / && as "$CLUSTER_USER" "$PG_BIN/psql" -X -q -h "$CLUSTER_SOCKETS" -U postgres \
    -v ON_ERROR_STOP=1 "$@")
}

# The owner may make roles, because migrations do, and is no superuser. After an upgrade from 15
# it needs the rights over the roles it made that later versions ask for.
cluster_make_database() {       # PASSWORD-FILE [MORE-RIGHTS]
  superuser_psql -d postgres >>"$CLUSTER_LOG" <<SQL
select 'create role gate_owner' where not exists
  (select from pg_roles where rolname = 'gate_owner') \gexec
alter role gate_owner login createrole ${2:-} password '$(<"$1")';
select 'create database gate owner gate_owner' where not exists
  (select from pg_database where datname = 'gate') \gexec
select format('grant %I to gate_owner with admin option', rolname) from pg_roles
  where rolname like 'gate\_%' and rolname <> 'gate_owner' \gexec
SQL
}

cluster_url() {         # ROLE PASSWORD-FILE
  printf 'postgresql://%s:%s@/gate?host=%s\n' "$1" "$(<"$2")" "$CLUSTER_SOCKETS"
}

# The same database for another role, whatever form the given URL has. libpq takes the last of
# several values of a keyword.
url_for_role() {        # URL ROLE PASSWORD-FILE
  local url=$1 user=$2 password rest
  password=$(<"$3")
  case $url in
  postgres://* | postgresql://*)
    rest=${url#*://}
    case ${rest%%[/?]*} in *@*) rest=${rest#*@} ;; esac
    rest=$(sed -E ':again; s/([?&])(user|password)=[^&]*(&|$)/\1/; t again; s/[?&]$//' <<<"$rest")
    printf 'postgresql://%s:%s@%s\n' "$user" "$password" "$rest" ;;
  *) printf '%s user=%s password=%s\n' "$url" "$user" "$password" ;;
  esac
}
