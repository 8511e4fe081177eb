from django.urls import path

from kuznitsa.admissions.views import records, rounds, runs, scenarios, why

urlpatterns = [
    path("campaigns/<int:pk>/runs/", runs.list_, name="runs"),
    path("campaigns/<int:pk>/runs/create/", runs.create, name="run-create"),
    path("campaigns/<int:pk>/rounds/", rounds.list_, name="rounds"),
    path("campaigns/<int:pk>/rounds/hold/", rounds.hold, name="round-hold"),
    path("offers/<int:pk>/extra-seats/new/", rounds.extra_seat, name="extra-seat"),
    path("applications/<int:pk>/place-late/", rounds.place_late, name="place-late"),
    path("runs/<int:pk>/", runs.detail, name="run"),
    path("runs/<int:pk>/input.json", runs.input_, name="run-input"),
    path("runs/<int:pk>/result.json", runs.result, name="run-result"),
    path("runs/<int:pk>/record/", records.detail, name="record"),
    path("runs/<int:pk>/record.zip", records.archive, name="record-archive"),
    path("campaigns/<int:pk>/scenarios/", scenarios.list_, name="scenarios"),
    path("scenarios/<int:pk>/remove/", scenarios.remove, name="scenario-remove"),
    path("runs/<int:pk>/approve/", runs.approve, name="run-approve"),
    path("runs/<int:pk>/publish/", runs.publish, name="run-publish"),
    path("runs/<int:pk>/take-back/", runs.take_back, name="run-take-back"),
    path("runs/<int:pk>/discard/", runs.discard, name="run-discard"),
    path("offers/<int:pk>/waiting/", why.offer_seats, name="offer-waiting"),
    path("offers/<int:pk>/call-next/", why.call_next, name="offer-call-next"),
    path("seats/<int:pk>/accept/", why.answer, {"verb": "accept"}, name="seat-accept"),
    path("seats/<int:pk>/wait/", why.answer, {"verb": "wait"}, name="seat-wait"),
    path("seats/<int:pk>/decline/", why.answer, {"verb": "decline"}, name="seat-decline"),
    path("seats/<int:pk>/give-back/", why.answer, {"verb": "give-back"}, name="seat-give-back"),
]
