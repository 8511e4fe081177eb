from django.urls import path

from kuznitsa.people import views

app_name = "people"

urlpatterns = [
    path("people/", views.persons, name="list"),
    path("people/new/", views.create, name="create"),
    path("people/<int:pk>/", views.detail, name="detail"),
    path("people/<int:pk>/edit/", views.edit, name="edit"),
    path("people/<int:pk>/open-account/", views.open_account, name="open-account"),
    path("people/<int:pk>/guardians/new/", views.add_guardian, name="add-guardian"),
    path("people/<int:pk>/consents/", views.consents, name="consents"),
    path("people/<int:pk>/consents/<slug:purpose>/give/", views.give_consent, name="give-consent"),
    path("guardianships/<int:pk>/confirm/", views.confirm_guardianship, name="confirm-guardianship"),
    path("guardianships/<int:pk>/end/", views.end_guardianship, name="end-guardianship"),
    path("guardianships/<int:pk>/open-account/", views.open_account_of_guardian, name="open-account-of-guardian"),
    path("consents/<int:pk>/withdraw/", views.withdraw_consent, name="withdraw-consent"),
    path("consents/<int:pk>/scan/", views.consent_scan, name="consent-scan"),
]
