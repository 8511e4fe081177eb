from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "kuznitsa.ui"
    verbose_name = _("screens")

    def ready(self) -> None:
        from django.forms import DateField

        from kuznitsa.base.calendars import validate_day

        # Here and not in each form: a date that is asked for tomorrow must refuse the year 0001, too.
        DateField.default_validators = [validate_day]
