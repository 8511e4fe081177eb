from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('admissions', '0006_runs_in_pieces'),
    ]

    operations = [
        migrations.RemoveField(model_name='allocationrun', name='instance'),
        migrations.RemoveField(model_name='allocationrun', name='result'),
    ]
