from django.urls import path

from kuznitsa.admissions.views import offers

urlpatterns = [
    path("offers/", offers.list_, name="offers"),
    path("offers/new/", offers.create, name="offer-create"),
    path("offers/<int:pk>/", offers.detail, name="offer"),
    path("offers/<int:pk>/edit/", offers.edit, name="offer-edit"),
    path("offers/<int:pk>/seats/", offers.seats, name="offer-seats"),
    path("offers/<int:pk>/propose/", offers.propose, name="offer-propose"),
    path("offers/<int:pk>/agree/", offers.agree, name="offer-agree"),
    path("offers/<int:pk>/return/", offers.return_, name="offer-return"),
    path("offers/<int:pk>/publish/", offers.publish, name="offer-publish"),
    path("offers/<int:pk>/close/", offers.close, name="offer-close"),
    path("offers/<int:pk>/reopen/", offers.reopen, name="offer-reopen"),
    path("offers/<int:pk>/withdraw/", offers.withdraw, name="offer-withdraw"),
    path("offers/<int:pk>/restore/", offers.restore, name="offer-restore"),
]
