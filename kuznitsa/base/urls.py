from django.urls import path

from kuznitsa.base import views

app_name = "base"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
