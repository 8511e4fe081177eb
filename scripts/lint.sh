#!/usr/bin/env bash
# Every check that is not a test, each to its end; what a check has to say is shown only if it fails.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
failed=()

check() { # <name> <command>
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then
    echo "  ok      $name"
  else
    echo "  FAILED  $name"
    echo "$said"
    failed+=("$name")
  fi
}

# A lock file with a host would send everybody to one person's mirror.
no_hosts() { ! grep -nE 'https?://|file:|--(extra-)?index-url|--find-links|"resolved"' requirements/*.txt package-lock.json; }

# The design system escapes what it marks; nobody else marks anything.
safe_marks() { ! grep -rnE '\b(mark_safe|SafeString)\(' kuznitsa --include='*.py' | grep -v '^kuznitsa/ui/'; }

check "ruff: errors" ruff check .
check "ruff: format" ruff format --check .
check "mypy: types" mypy
check "import-linter: the map" lint-imports
check "djlint: templates" djlint kuznitsa --lint --quiet
check "deptry: dependencies" deptry .
check "codespell: spelling" codespell
check "bandit: security" bandit --quiet --configfile pyproject.toml --recursive kuznitsa config scripts build_backend -ll
check "mark_safe: in ui only" safe_marks
check "migrations: none missing" python -m django makemigrations --check --dry-run --settings config.settings
check "locks: no hosts" no_hosts

if [ ${#failed[@]} -gt 0 ]; then
  printf 'lint: failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
