from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClassifiersConfig(AppConfig):
    name = "kuznitsa.classifiers"
    verbose_name = _("classifiers")

    def ready(self) -> None:
        from kuznitsa.classifiers.receivers import load_after_migrate

        post_migrate.connect(load_after_migrate, sender=self, dispatch_uid="classifiers.load_after_migrate")
