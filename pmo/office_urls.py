"""Pages of the office, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import path

from pmo.web import audit, health, people, policies, policy_drafts, rates, standard_draft, standards, tiers, tokens

app_name = "pmo"
urlpatterns = [
    path("standards/", standards.standards, name="standards"),
    path("standards/new/", standards.standard_new, name="standard_new"),
    path("standards/import/", standards.standard_take, name="standard_import"),
    path("standards/shipped/<slug:slug>/", standards.standard_put_in, name="standard_install"),
    path("standards/versions/<int:pk>/", standards.standard_version, name="standard_version"),
    path("standards/versions/<int:pk>/file/", standards.standard_file, name="standard_file"),
    path("standards/versions/<int:pk>/compare/", standards.standard_compare, name="standard_compare"),
    path("standards/versions/<int:pk>/about/", standards.standard_about, name="standard_about"),
    path("standards/versions/<int:pk>/begin/", standards.standard_begin, name="standard_begin"),
    path("standards/versions/<int:pk>/retire/", standards.standard_end, name="standard_retire"),
    path("standards/versions/<int:pk>/tailoring/", standard_draft.standard_tailoring, name="standard_tailoring"),
    path("standards/versions/<int:pk>/edit/", standard_draft.standard_edit, name="standard_edit"),
    path("standards/versions/<int:pk>/publish/", standard_draft.standard_publish, name="standard_publish"),
    path("standards/versions/<int:pk>/discard/", standard_draft.standard_discard, name="standard_discard"),
    path("standards/versions/<int:pk>/add/<slug:kind>/", standard_draft.standard_add, name="standard_add"),
    path("standards/<slug:kind>/<int:pk>/", standard_draft.standard_item, name="standard_item"),
    path("standards/<slug:kind>/<int:pk>/move/", standard_draft.standard_move, name="standard_move"),
    path("standards/<slug:kind>/<int:pk>/delete/", standard_draft.standard_delete, name="standard_delete"),
    path("tiers/", tiers.tiers, name="tiers"),
    path("tiers/begin/", tiers.tier_begin, name="tier_begin"),
    path("tiers/<int:pk>/", tiers.tier_model, name="tier_model"),
    path("tiers/<int:pk>/edit/", tiers.tier_edit, name="tier_edit"),
    path("tiers/<int:pk>/publish/", tiers.tier_put_in_force, name="tier_publish"),
    path("policies/", policies.policies, name="policies"),
    path("policies/waiting/", policies.policies_waiting, name="policies_waiting"),
    path("policies/new/", policy_drafts.policy_new, name="policy_new"),
    path("policies/<int:pk>/", policies.policy, name="policy"),
    path("policies/<int:pk>/begin/", policies.policy_begin, name="policy_begin"),
    path("policies/<int:pk>/withdraw/", policies.policy_end, name="policy_withdraw"),
    path("policies/versions/<int:pk>/", policies.policy_version, name="policy_version"),
    path("policies/versions/<int:pk>/compare/", policies.policy_compare, name="policy_compare"),
    path("policies/versions/<int:pk>/acknowledge/", policies.policy_read, name="policy_acknowledge"),
    path("policies/versions/<int:pk>/edit/", policy_drafts.policy_edit, name="policy_edit"),
    path("policies/versions/<int:pk>/publish/", policy_drafts.policy_put_in_force, name="policy_publish"),
    path("policies/versions/<int:pk>/discard/", policy_drafts.policy_discard, name="policy_discard"),
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
