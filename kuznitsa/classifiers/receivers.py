"""After every migration the classifiers say what their files say, in tests and demonstrations too."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.utils import timezone

from kuznitsa.classifiers.actions import load_classifiers
from kuznitsa.classifiers.models import Occupation


def load_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Load, unless the app has just been migrated back to nothing."""
    if Occupation._meta.db_table in connections[using].introspection.table_names():
        load_classifiers(by=None, at=timezone.now())
