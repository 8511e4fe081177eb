"""What was kept of a run in two fields is kept in pieces.

Alone in its migration: PostgreSQL alters no table in the transaction that has just moved its rows. It asks nothing
of the models and queries of today, which will go on changing; the engine finds the reasons of the result that was
published.
"""

import json
import zlib

from django.db import migrations

PAGE = 100
QUICK = 1


def take_apart(apps, schema_editor):
    from kuznitsa.engines import allocation
    from kuznitsa.engines.allocation.market import Market

    runs = apps.get_model('admissions', 'AllocationRun')
    files, pages, places = (apps.get_model('admissions', name) for name in ('RunFiles', 'RunPage', 'RunPlace'))
    for run in runs.objects.exclude(instance_hash='').filter(files=None).order_by('pk').iterator(chunk_size=1):
        instance = allocation.read_instance(json.dumps(run.instance).encode())
        result = allocation.read_result(json.dumps(run.result).encode())[0]
        explained = allocation.Explained(Market(instance), instance, result)
        files.objects.create(
            run=run,
            applicants=len(result.assignment),
            # The bytes whose SHA-256 is the hash of the run.
            instance=zlib.compress(allocation.write_instance(instance), QUICK),
            result=_packed(_result(run.result, explained), end=b'\n'),
        )
        by_name = {applicant.id: applicant for applicant in instance.applicants}
        names = sorted(result.assignment)
        for number, start in enumerate(range(0, len(names), PAGE)):
            part = names[start : start + PAGE]
            entries = [_entry(by_name[name], result, explained) for name in part]
            pages.objects.create(run=run, number=number, first=part[0], data=_packed(entries))
        for report in explained.places():
            offer = int(report.place.split('-')[1])
            waiting = ' '.join(report.waiting)
            places.objects.create(run=run, offer_id=offer, data=_place(report), waiting=waiting)


def put_together(apps, schema_editor):
    for kept in apps.get_model('admissions', 'RunFiles').objects.select_related('run').iterator(chunk_size=1):
        kept.run.instance = json.loads(zlib.decompress(kept.instance))
        kept.run.result = json.loads(zlib.decompress(kept.result))
        kept.run.save(update_fields=['instance', 'result'])


def _result(kept, explained):
    """The file as the engine writes it, whose keys PostgreSQL has kept in an order of its own.

    With every reason, also where it was kept without; all else stays as the version wrote that found it.
    """
    outcomes = sorted(explained.outcomes.items())
    explanations = {
        name: [{'place': place, 'reason': reason.value} for place, reason in found] for name, found in outcomes
    }
    return {
        'format': kept['format'],
        'assignment': dict(sorted(kept['assignment'].items())),
        'closed': kept['closed'],
        'pool': dict(sorted(kept['pool'].items())),
        'issues': [
            {name: issue[name] for name in ('kind', 'applicant', 'place', 'company') if name in issue}
            for issue in kept['issues']
        ],
        'explanations': explanations,
        'audit': {name: kept['audit'][name] for name in ('input_sha256', 'seed', 'version')},
    }


def _entry(applicant, result, explained):
    choices = [
        [
            place,
            choice.score,
            reason.value,
            [
                [_pool(standing.pool), standing.weight.tagged, standing.queue, standing.needed_score]
                for standing in standings
                if standing.queue is not None
            ],
        ]
        for choice, (place, reason, standings) in zip(applicant.choices, explained.choices(applicant.id))
    ]
    name = applicant.id
    return [name, result.assignment[name] or '', _pool(result.pool.get(name, '')), choices]


def _place(report):
    return {
        'seats': report.seats,
        'pools': [
            {
                'name': _pool(pool.name),
                'tag': pool.tag,
                'hard': pool.hard,
                'seats': pool.seats,
                'taken': pool.taken,
                'cut_off': _cut_off(pool.cut_off),
            }
            for pool in report.pools
        ],
        'first_choices': report.first_choices,
        'endings': {reason.value: number for reason, number in sorted(report.endings.items())},
        'is_closed': report.is_closed,
        'company_cut_off': _cut_off(report.company_cut_off),
    }


def _cut_off(last):
    return last and {'tagged': last.tagged, 'score': last.score, 'ticket': last.ticket}


def _pool(name):
    return '' if name == 'open' else name


def _packed(document, end=b''):
    return zlib.compress(json.dumps(document, ensure_ascii=False).encode() + end, QUICK)


class Migration(migrations.Migration):

    dependencies = [
        ('admissions', '0005_pieces_of_runs'),
    ]

    operations = [
        migrations.RunPython(take_apart, put_together, elidable=True),
    ]
