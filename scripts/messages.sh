#!/usr/bin/env bash
# Collects the texts to translate into kuznitsa/<app>/locale/ru/LC_MESSAGES/django.po, and those of the command.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v xgettext >/dev/null || {
  echo "make messages: gettext is missing. Debian, Ubuntu: sudo apt-get install gettext" >&2
  exit 1
}
root=$PWD
for folder in kuznitsa/*/locale; do
  (cd "$(dirname "$folder")" && "$root/.venv/bin/django-admin" makemessages -l ru --no-location --no-wrap)
done

# The command and the engines speak before Django is loaded; argparse's own words are kept in a list.
catalogue=kuznitsa/locale/ru/LC_MESSAGES/cli.po
new=$(mktemp)
trap 'rm -f "$new"' EXIT
find kuznitsa/cli kuznitsa/engines -name '*.py' | sort |
  xgettext --files-from=- --from-code=UTF-8 --keyword=translate --no-location --no-wrap -o - |
  sed 's|charset=CHARSET|charset=UTF-8|' |
  msgcat --use-first --no-location --no-wrap kuznitsa/locale/argparse.pot - -o "$new"
msgmerge --quiet --no-location --no-wrap --no-fuzzy-matching "$catalogue" "$new" -o "$catalogue"
