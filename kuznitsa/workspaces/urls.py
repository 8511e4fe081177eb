from django.urls import path

from kuznitsa.workspaces import views

app_name = "workspaces"

urlpatterns = [path("home/", views.home, name="home")]
