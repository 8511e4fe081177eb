from django.urls import path

from kuznitsa.ui import views

app_name = "ui"
urlpatterns = [
    path("language/", views.set_language, name="language"),
    path("theme/", views.set_theme, name="theme"),
    path("_ui/", views.gallery, name="gallery"),
]
