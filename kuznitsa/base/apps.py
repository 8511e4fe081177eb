from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "kuznitsa.base"
    verbose_name = _("tools")

    def ready(self) -> None:
        from kuznitsa.base import mail, once  # noqa: F401  they register jobs

        autodiscover_modules("jobs")
