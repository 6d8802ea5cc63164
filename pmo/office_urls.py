"""Pages of the office, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import path

from pmo.web import audit, health, people, rates, standards, tokens

app_name = "pmo"
urlpatterns = [
    path("standards/", standards.standards, name="standards"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/roles/new/", people.role_new, name="role_new"),
    path("people/roles/<int:pk>/revoke/", people.role_revoke, name="role_revoke"),
    path("audit/", audit.audit, name="audit"),
    path("settings/rates/", rates.rates, name="rates"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("health/", health.health, name="health"),
    path("health/retry/", health.retry, name="health_retry"),
]
