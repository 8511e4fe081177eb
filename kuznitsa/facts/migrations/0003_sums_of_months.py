import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Sum
from django.db.models.functions import TruncMonth


def add_up(apps, schema_editor):
    """Sum what the ledger holds already."""
    names = ("organisation_id", "counterpart_id", "kind", "month")
    facts = apps.get_model("facts", "Fact").objects.exclude(counterpart=None).annotate(month=TruncMonth("on"))
    month_sum = apps.get_model("facts", "MonthSum")
    rows = facts.values(*names).annotate(quantity=Sum("quantity")).order_by()
    month_sum.objects.bulk_create((month_sum(**row) for row in rows.iterator()), batch_size=2_000)


class Migration(migrations.Migration):

    dependencies = [
        ('facts', '0002_what_the_band_counts'),
        ('organisations', '0002_who_confirms_signatories'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('need_stated', 'need stated'), ('seats_promised', 'seats promised'), ('seats_offered', 'seats offered'), ('applied', 'applied'), ('seat_allocated', 'seat allocated'), ('seat_returned', 'seat returned'), ('contract_signed', 'contract signed'), ('contract_ended', 'contract ended early'), ('enrolled', 'enrolled'), ('support_paid', 'support paid'), ('scholarship_paid', 'scholarship paid'), ('lab_accepted', 'laboratory accepted'), ('visit_held', 'plant visit held'), ('practice_opened', 'practice place opened'), ('practice_completed', 'practice completed'), ('practice_hours', 'hours of practice'), ('exam_passed', 'exam passed'), ('hired', 'hired'), ('stayed_3', 'still there after 3 months'), ('stayed_6', 'still there after 6 months'), ('stayed_12', 'still there after 12 months'), ('stayed_24', 'still there after 24 months'), ('stayed_36', 'still there after 36 months')], max_length=20, verbose_name='kind')),
                ('month', models.DateField(verbose_name='month')),
                ('quantity', models.BigIntegerField(default=0, verbose_name='quantity')),
                ('counterpart', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='for whom')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='whose fact it is')),
            ],
            options={
                'verbose_name': 'sum of a month',
                'verbose_name_plural': 'sums of months',
                'indexes': [models.Index(fields=['organisation', 'counterpart', 'kind', 'month', 'quantity'], name='facts_sum_of_month')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'counterpart', 'kind', 'month'), name='facts_sum_once_per_month')],
            },
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop, elidable=True),
    ]
