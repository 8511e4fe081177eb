#!/usr/bin/env bash
# Every check that is not a test, each to its end, two at a time; what a check has to say is shown only if it fails.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT

check() { # <name> <command>
  local name=$1
  shift
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  {
    if "$@" >"$said/$name" 2>&1; then
      echo "  ok      $name"
    else
      printf '  FAILED  %s\n%s\n' "$name" "$(<"$said/$name")"
      touch "$said/$name (failed)"
    fi
  } &
}

# A lock file with a host would send everybody to one person's mirror.
no_hosts() { ! grep -nE 'https?://|file:|--(extra-)?index-url|--find-links|"resolved"' requirements/*.txt package-lock.json; }

# The design system escapes what it marks; nobody else marks anything.
safe_marks() { ! grep -rnE '\b(mark_safe|SafeString)\(' kuznitsa --include='*.py' | grep -v '^kuznitsa/ui/'; }

# The longest first, so that nobody waits for it alone.
check "mypy: types" mypy
check "bandit: security" bandit --quiet --configfile pyproject.toml --recursive kuznitsa config scripts build_backend -ll
check "migrations: none missing" python -m django makemigrations --check --dry-run --settings config.settings
check "djlint: templates" djlint kuznitsa --lint --quiet
check "deptry: dependencies" deptry .
check "codespell: spelling" codespell
check "import-linter: the map" lint-imports
check "ruff: errors" ruff check .
check "ruff: format" ruff format --check .
check "mark_safe: in ui only" safe_marks
check "locks: no hosts" no_hosts
wait

failed=("$said"/*" (failed)")
if [ -e "${failed[0]}" ]; then
  for name in "${failed[@]##*/}"; do echo "lint: failed: ${name% (failed)}" >&2; done
  exit 1
fi
