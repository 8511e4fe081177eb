from django.urls import path

from kuznitsa.demand import views

app_name = "demand"

urlpatterns = [
    path("needs/", views.needs, name="list"),
    path("needs/<int:pk>/", views.detail, name="detail"),
    path("needs/<int:pk>/edit/", views.edit, name="edit"),
    path("needs/<int:pk>/state/", views.state, name="state"),
    path("needs/<int:pk>/confidence/", views.confidence, name="confidence"),
    path("needs/<int:pk>/return/", views.return_to_draft, name="return"),
    path("needs/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("needs/<int:pk>/restore/", views.restore, name="restore"),
    path("needs/<int:pk>/end/", views.end, name="end"),
    path("needs/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("organisations/<slug:slug>/needs/new/", views.create, name="create"),
    path("organisations/<slug:slug>/needs/grid/", views.grid, name="grid"),
]
