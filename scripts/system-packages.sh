#!/usr/bin/env bash
# What the tests need from the system: a browser and the programs of a PostgreSQL server. Installs what is missing.
set -euo pipefail

missing=()
[ -n "${KUZNITSA_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  missing+=(chromium)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

by_hand="make test needs ${missing[*]}. Debian, Ubuntu: sudo apt-get install ${missing[*]}"
command -v apt-get >/dev/null || { echo "$by_hand" >&2; exit 1; }
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || { echo "$by_hand" >&2; exit 1; }
  as_root=(sudo)
fi
echo "make test: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q >/dev/null
"${as_root[@]}" apt-get install -yq --no-install-recommends "${missing[@]}" >/dev/null || { echo "$by_hand" >&2; exit 1; }
