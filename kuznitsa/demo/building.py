"""Building the demonstration from nothing, and knowing what stands already."""

from django.apps import apps
from django.core.management import CommandError
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_q.models import OrmQ

from kuznitsa.accounts.models import User
from kuznitsa.base.audit import audit
from kuznitsa.base.models import AuditEntry, SentLetter
from kuznitsa.classifiers.models import Industry, Occupation, Region
from kuznitsa.clusters.models import Cluster
from kuznitsa.demo import cast as people_of_office
from kuznitsa.demo.neighbours import FOUNDED, found_neighbours, found_novokuznetsk
from kuznitsa.demo.story import STEPS, Scene
from kuznitsa.demo.timeline import STAGES, Timeline
from kuznitsa.people.models import ConsentText

BUILT = "demo.built"
# What a fresh installation holds before anybody has done anything.
KEPT = (Region, Industry, Occupation, ConsentText)
KEPT_APPS = {"contenttypes", "auth"}


def standing_stage() -> str | None:
    """Return the stage of the demonstration in the database; None when it is empty.

    Raises CommandError when the database holds anything else.
    """
    entry = AuditEntry.objects.filter(verb=BUILT).order_by("pk").last()
    if entry is not None:
        return entry.details["stage"]
    if User.objects.exists() or Cluster.objects.exists():
        raise CommandError(
            _("The database holds something else than the demonstration; name an empty one in DATABASE_URL.")
        )
    return None


def build_afresh(stage: str) -> Scene:
    """Empty the database and play the story up to `stage`, which is today. The story is told in Russian."""
    empty()
    with translation.override("ru"):
        timeline = Timeline(today=timezone.localdate(), stage=stage)
        cast = people_of_office.gather(today=timeline.on(FOUNDED), at=timeline.at(FOUNDED, 8))
        scene = Scene(timeline, cast, found_novokuznetsk(cast, timeline))
        found_neighbours(cast, timeline)
        for name in STAGES:
            if timeline.reaches(name):
                for step in STEPS[name]:
                    step(scene)
        audit(BUILT, scene.cluster, by=None, at=timezone.now(), stage=stage)
    return scene


def put_letters_away() -> None:
    """The letters of the story belong to the past: they count as sent and do not leave now."""
    OrmQ.objects.all().delete()
    waiting = SentLetter.objects.filter(status=SentLetter.Status.WAITING)
    waiting.update(status=SentLetter.Status.SENT, body="", html="")


def empty() -> None:
    """Delete every row but those of classifiers and texts that come with an installation."""
    kept = {model._meta.db_table for model in KEPT} | {"django_migrations"}
    kept |= {model._meta.db_table for app in KEPT_APPS for model in apps.get_app_config(app).get_models()}
    tables = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in kept]
    # PostgreSQL empties no table that has checks waiting for the end of the transaction.
    connection.check_constraints()
    statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=False)
    connection.ops.execute_sql_flush(statements)
