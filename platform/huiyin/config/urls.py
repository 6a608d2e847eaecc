"""Every address of the site: pages, the API, the language switch."""

from django.urls import include, path

urlpatterns = [
    path("", include("huiyin.web.urls")),
    path("api/v1/", include("api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
