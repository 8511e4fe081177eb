"""The build backend: setuptools, after the parts that are not committed have been made.

So `pip install .` on a fresh clone gives a wheel with the front-end files and the compiled translations in it.
"""

import shutil
from typing import Any

import frontend
import messages
from setuptools import build_meta
from setuptools.build_meta import (  # the rest of the interface is setuptools' own
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def _prepare() -> None:
    frontend.fetch_if_stale()
    messages.compile_stale()
    # setuptools packs whatever an earlier build left here, files since removed included.
    shutil.rmtree(frontend.ROOT / "build/lib", ignore_errors=True)


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    _prepare()
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    _prepare()
    return build_meta.build_editable(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    _prepare()
    return build_meta.build_sdist(sdist_directory, config_settings)
