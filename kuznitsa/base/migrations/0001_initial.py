import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JobProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, unique=True, verbose_name="key")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="parts done")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="parts in all")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="what is being done")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
            ],
            options={"verbose_name": "progress of a job", "verbose_name_plural": "progress of jobs"},
        ),
        migrations.CreateModel(
            name="UsedToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                ("claimed_at", models.DateTimeField(db_index=True, verbose_name="claimed at")),
                ("location", models.TextField(blank=True, verbose_name="address of the answer")),
            ],
            options={"verbose_name": "used form token", "verbose_name_plural": "used form tokens"},
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=100, verbose_name="verb")),
                ("object_type", models.CharField(max_length=100, verbose_name="type of object")),
                ("object_id", models.CharField(max_length=40, verbose_name="number of object")),
                ("object_name", models.CharField(max_length=200, verbose_name="object")),
                ("actor_id", models.BigIntegerField(null=True, verbose_name="number of actor")),
                ("actor_name", models.CharField(max_length=200, verbose_name="actor")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "details",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="details"
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "at"], name="base_audite_object__32b786_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="SentLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.EmailField(max_length=254, verbose_name="address of the recipient")),
                ("user_id", models.BigIntegerField(db_index=True, null=True, verbose_name="number of user")),
                ("subject", models.CharField(max_length=200, verbose_name="subject of the letter")),
                ("template", models.CharField(max_length=100, verbose_name="template of the letter")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("about_type", models.CharField(blank=True, max_length=100, verbose_name="type of object")),
                ("about_id", models.CharField(blank=True, max_length=40, verbose_name="number of object")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "waiting to be sent"), ("sent", "has been sent"), ("failed", "could not be sent")],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text of the letter")),
                ("html", models.TextField(blank=True, verbose_name="text of the letter with markup")),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "indexes": [
                    models.Index(fields=["about_type", "about_id", "at"], name="base_sentle_about_t_89aaf0_idx")
                ],
            },
        ),
    ]
