from django.urls import path

from kuznitsa.insight import views

app_name = "insight"

urlpatterns = [
    path("thread/", views.thread, name="thread"),
    path("thread/<slug:key>/", views.stage, name="stage"),
    path("balance/", views.balance, name="balance"),
]
