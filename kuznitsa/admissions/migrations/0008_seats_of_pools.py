import json
import zlib

from django.db import migrations, models


def name_pools(apps, schema_editor):
    """The pool of every seat that a run gave, from the results as they are published, the newest last."""
    runs, seats = apps.get_model('admissions', 'AllocationRun'), apps.get_model('admissions', 'Seat')
    for run in runs.objects.filter(state='published').order_by('campaign', 'number').iterator(chunk_size=1):
        result = json.loads(zlib.decompress(run.files.result))
        changed = []
        rows = seats.objects.filter(application__campaign=run.campaign_id, given_because='')
        for seat in rows.select_related('application').only('application', 'offer', 'pool', 'application__pseudonym'):
            name = seat.application.pseudonym
            if result['assignment'].get(name) == f'O-{seat.offer_id}':
                seat.pool = result['pool'][name]
                changed.append(seat)
        seats.objects.bulk_update(changed, ['pool'], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('admissions', '0007_runs_without_documents'),
    ]

    operations = [
        migrations.AddField(
            model_name='seat',
            name='pool',
            field=models.CharField(blank=True, max_length=100, verbose_name='pool of seats'),
        ),
        migrations.AddField(
            model_name='seat',
            name='order_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='number of the order'),
        ),
        migrations.AddField(
            model_name='seat',
            name='ordered_on',
            field=models.DateField(blank=True, null=True, verbose_name='date of the order'),
        ),
        migrations.RunPython(name_pools, migrations.RunPython.noop, elidable=True),
    ]
