from django.urls import path

from kuznitsa.organisations import views

app_name = "organisations"

urlpatterns = [
    path("organisations/", views.organisations, name="list"),
    path("organisations/new/", views.create, name="create"),
    path("organisations/<slug:slug>/", views.detail, name="detail"),
    path("organisations/<slug:slug>/edit/", views.edit, name="edit"),
    path("organisations/<slug:slug>/add-site/", views.add_site, name="add-site"),
    path("organisations/<slug:slug>/add-signatory/", views.add_signatory, name="add-signatory"),
    path("organisations/<slug:slug>/people/", views.people, name="people"),
    path("organisations/<slug:slug>/invite/", views.invite, name="invite"),
    path("sites/<int:pk>/edit/", views.edit_site, name="edit-site"),
    path("signatories/<int:pk>/edit/", views.edit_signatory, name="edit-signatory"),
    path("signatories/<int:pk>/confirm/", views.confirm_signatory, name="confirm-signatory"),
    path("signatories/<int:pk>/scan/", views.signatory_scan, name="signatory-scan"),
    path("memberships/<int:pk>/end/", views.end_membership, name="end-membership"),
    path("memberships/<int:pk>/resume/", views.resume_membership, name="resume-membership"),
    path("invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw-invitation"),
    path("invitations/<int:pk>/send-again/", views.send_invitation_again, name="send-invitation-again"),
    path("invitations/<str:secret>/", views.invitation, name="invitation"),
    path("invitations/<str:secret>/accept/", views.accept_invitation, name="accept-invitation"),
    path("invitations/<str:secret>/again/", views.ask_invitation_again, name="ask-invitation-again"),
    path("roles/", views.roles, name="roles"),
]
