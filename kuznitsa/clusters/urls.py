from django.urls import path

from kuznitsa.clusters import views

app_name = "clusters"

urlpatterns = [
    path("clusters/", views.clusters, name="list"),
    path("clusters/new/", views.create, name="create"),
    path("clusters/<slug:slug>/", views.detail, name="detail"),
    path("clusters/<slug:slug>/edit/", views.edit, name="edit"),
    path("clusters/<slug:slug>/add-participant/", views.add_participant, name="add-participant"),
    path("clusters/<slug:slug>/move/", views.move, name="move"),
    path("participations/<int:pk>/end/", views.end_participation, name="end-participation"),
    path("participations/<int:pk>/resume/", views.resume_participation, name="resume-participation"),
]
