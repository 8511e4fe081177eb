"""How much a first visit downloads: the front page with all its styles, scripts and fonts, as they are served."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

LIMIT = 150_000
LINKED = re.compile(r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)\"""")
IN_STYLES = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
# Kept as they are: compressed already.
PACKED = {".woff2", ".png", ".jpg", ".webp"}


def first_load(language: str) -> dict[str, int]:
    """Return the bytes of the front page and of each file it brings, by name."""
    client = Client(SERVER_NAME="localhost", headers={"accept-language": language, "accept-encoding": "gzip"})
    response = client.get("/", follow=True)
    html = response.content
    if response.get("Content-Encoding") == "gzip":
        html = gzip.decompress(html)
    found = {"/": len(response.content)}
    for address in LINKED.findall(html.decode()):
        if address.startswith("/" + settings.STATIC_URL.strip("/") + "/"):
            name = address.removeprefix("/" + settings.STATIC_URL.strip("/") + "/")
            found[_plain(name)] = _size(name)
    return found


def _plain(name: str) -> str:
    """The name without the fingerprint of its content."""
    return re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name)


def _size(name: str) -> int:
    path = Path(settings.STATIC_ROOT) / name
    if not path.exists():
        path = Path(finders.find(_plain(name)) or path)
    if path.suffix in PACKED:
        return path.stat().st_size
    packed = path.with_name(path.name + ".gz")
    return packed.stat().st_size if packed.exists() else len(gzip.compress(path.read_bytes()))
