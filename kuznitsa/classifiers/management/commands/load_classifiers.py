"""`load_classifiers`: bring regions, industries and occupations up to date with the files of the product."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from kuznitsa.classifiers.actions import load_classifiers


class Command(BaseCommand):
    help = _("Bring regions, industries and occupations up to date with the files of the product.")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in load_classifiers(by=None, at=timezone.now()).items():
            self.stdout.write(f"{name}: {count}")
