"""The public record of a run: the files that anybody can download and recompute."""

import zlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kuznitsa.admissions.models import AllocationRun, PublicRecord, TargetOffer
from kuznitsa.admissions.queries.instances import company_id
from kuznitsa.admissions.queries.rounds import given_apart
from kuznitsa.admissions.queries.seats import instance_of, number_in, place_id, result_of
from kuznitsa.base.models import AuditEntry
from kuznitsa.base.refusal import Refused
from kuznitsa.engines import allocation
from kuznitsa.engines.allocation import Instance, Result

CORRECTED = "admissions.run.score_corrected"
HOW_TO = """\
Открытая запись распределения мест
==================================
Здесь всё, что нужно, чтобы пересчитать распределение. Имён нет: каждый поступающий знает только своё обозначение,
оно стоит в его расписке.

  input.json     что выбрали поступающие, их баллы и подтверждённые права на квоты, места и правила
  result.json    кто какое место получил и почему
  cut-offs.json  проходные баллы каждой части мест
  record.json    контрольные суммы этих файлов, число жеребьёвки и его источник, версия программы, итоги

Проверить одной командой:   kuznitsa allocate --verify ФАЙЛ.zip
Код завершения: 0 — результат верен, 1 — не верен, 2 — файл не читается.
Билет любого поступающего в жеребьёвке:   printf '%s' 'ЧИСЛО|ОБОЗНАЧЕНИЕ' | sha256sum
(при равных баллах впереди тот, у кого билет меньше)

Public record of an allocation
==============================
This is all that is needed to recompute the allocation. There are no names: each applicant knows only their own
code, which stands on their receipt.

  input.json     what applicants chose, their points and confirmed rights to quotas, seats and rules
  result.json    who got which seat, and why
  cut-offs.json  the last points admitted to every pool of seats
  record.json    hashes of these files, seed of the draw and its source, version of the software, totals

Verify it by one command:   kuznitsa allocate --verify FILE.zip
Exit status: 0 the result holds, 1 it does not, 2 the file cannot be read.
The ticket of any applicant in the draw:   printf '%s' 'SEED|CODE' | sha256sum   (of equal points the smaller wins)
"""


def input_file(run: AllocationRun) -> bytes:
    """Return the input; its SHA-256 is the hash of the run."""
    return zlib.decompress(run.files.instance)


def result_file(run: AllocationRun) -> bytes:
    """Return the result; `kuznitsa allocate --verify` recomputes it from the input."""
    return zlib.decompress(run.files.result)


@dataclass(frozen=True)
class Archive:
    """The archive of a run as it is frozen when the run is published, its manifest, and the input and result in it."""

    data: bytes
    manifest: dict[str, Any]
    instance: Instance
    result: Result


def prepare_record(run: AllocationRun) -> Archive:
    """Return the archive of a run. Raises Refused when the result does not stand the independent check any more."""
    instance, result = instance_of(run), result_of(run)
    if problems := allocation.check(instance, result):
        raise Refused(_("The result did not stand the independent check: %(problem)s.") % {"problem": problems[0]})
    data = allocation.write_record(instance, result, _about(run, instance), extra={"README.txt": HOW_TO.encode()})
    return Archive(data, allocation.read_record(data).manifest, instance, result)


def _about(run: AllocationRun, instance: Instance) -> dict[str, Any]:
    campaign = run.campaign
    offers = TargetOffer.objects.filter(pk__in=[number_in(place.id) for place in instance.places])
    rows = list(offers.select_related("employer").order_by("pk"))
    limited = {place.company for place in instance.places if place.company}
    return {
        "campaign": campaign.name,
        "college": str(campaign.college),
        "run": run.number,
        "seed_source": campaign.draw_source,
        "calculated_at": run.created_at.isoformat(),
        "approved_at": run.approved_at and run.approved_at.isoformat(),
        "approved_by": str(run.approved_by),
        "published_at": run.published_at and run.published_at.isoformat(),
        "published_by": str(run.published_by),
        "max_choices": campaign.max_choices,
        "places": {
            place_id(offer.pk): {"offer": offer.number, "position": offer.position, "enterprise": str(offer.employer)}
            for offer in rows
        },
        "companies": {
            company_id(offer.employer_id): str(offer.employer)
            for offer in rows
            if company_id(offer.employer_id) in limited
        },
        "seats_given_by_decision": [
            {
                "applicant": seat.application.pseudonym,
                "place": place_id(seat.offer_id),
                "by": str(seat.given_by),
                "because": seat.given_because,
                "order": seat.order_number,
                "ordered_on": seat.ordered_on and seat.ordered_on.isoformat(),
            }
            for seat in given_apart(campaign)
        ],
        "quota_groups": list(campaign.quota_groups.order_by("name").values("name", "who", "paper")),
    }


def record_of(run: AllocationRun) -> PublicRecord | None:
    """Return the frozen record of a published run without its archive, which may be large."""
    return PublicRecord.objects.filter(run=run).defer("archive").first()


def corrections_after(run: AllocationRun) -> int:
    """Return how many times points were corrected after the run was published; the run stays as it was."""
    return AuditEntry.objects.about(run).filter(verb=CORRECTED).count()
