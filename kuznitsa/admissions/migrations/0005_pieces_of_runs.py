import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('admissions', '0004_rounds'),
    ]

    operations = [
        migrations.CreateModel(
            name='RunFiles',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('applicants', models.PositiveIntegerField(verbose_name='applicants')),
                ('instance', models.BinaryField(verbose_name='input')),
                ('result', models.BinaryField(verbose_name='result')),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='admissions.allocationrun', verbose_name='run')),
            ],
            options={
                'verbose_name': 'files of a run',
                'verbose_name_plural': 'files of runs',
            },
        ),
        migrations.CreateModel(
            name='RunPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('first', models.CharField(max_length=20, verbose_name='first pseudonym')),
                ('data', models.BinaryField(verbose_name='what became of their choices')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='admissions.allocationrun', verbose_name='run')),
            ],
            options={
                'verbose_name': 'page of a run',
                'verbose_name_plural': 'pages of runs',
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='admissions_run_page_once')],
            },
        ),
        migrations.CreateModel(
            name='RunPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField(verbose_name='numbers')),
                ('waiting', models.TextField(blank=True, verbose_name='waiting list')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='run_places', to='admissions.targetoffer', verbose_name='target offer')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='admissions.allocationrun', verbose_name='run')),
            ],
            options={
                'verbose_name': 'offer in a run',
                'verbose_name_plural': 'offers in runs',
                'constraints': [models.UniqueConstraint(fields=('run', 'offer'), name='admissions_run_place_once')],
            },
        ),
        migrations.AlterField(
            model_name='allocationrun',
            name='instance_hash',
            field=models.CharField(blank=True, max_length=64, verbose_name='hash of the input'),
        ),
    ]
