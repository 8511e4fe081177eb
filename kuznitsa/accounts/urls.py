from django.urls import path

from kuznitsa.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/link/", views.link_request, name="link-request"),
    path("sign-in/link/sent/", views.link_sent, name="link-sent"),
    path("sign-in/links/<str:secret>/", views.link, name="link"),
    path("sign-in/links/<str:secret>/again/", views.link_again, name="link-again"),
    path("sign-in/password/", views.password_reset, name="password-reset"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("profile/", views.profile, name="profile"),
    path("profile/password/", views.password, name="password"),
]
