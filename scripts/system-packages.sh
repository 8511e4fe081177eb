#!/usr/bin/env bash
# system-packages.sh test|bench: what the tests need from the system, a browser and the programs of a PostgreSQL server;
# or the benchmarks, a C compiler and FET beside that server. Installs what is missing.
set -euo pipefail

for=$1
missing=()
has() { command -v "$1" >/dev/null; }

case $for in
  test) has "${KUZNITSA_CHROMIUM:-chromium}" || has chromium-browser || missing+=(chromium) ;;
  bench)
    has gcc || has cc || missing+=(gcc libc6-dev)
    has fet-cl || missing+=(fet)
    ;;
esac
has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

by_hand="make $for needs ${missing[*]}. Debian, Ubuntu: sudo apt-get install ${missing[*]}"
has apt-get || { echo "$by_hand" >&2; exit 1; }
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || { echo "$by_hand" >&2; exit 1; }
  as_root=(sudo)
fi
echo "make $for: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q >/dev/null
"${as_root[@]}" apt-get install -yq --no-install-recommends "${missing[@]}" >/dev/null || { echo "$by_hand" >&2; exit 1; }
