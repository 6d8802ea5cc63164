"""Pages of the portfolio, below `/o/<organisation>/`."""

from __future__ import annotations

from django.urls import path, re_path

import pmo.kit.addresses  # noqa: F401  (the address step of a project's code)
from portfolio.web import (
    cockpit,
    compliance,
    evidence_packs,
    findings,
    health,
    money,
    project,
    project_compliance,
    project_new,
    rules,
    search,
    skill_records,
    skills,
)

app_name = "portfolio"
urlpatterns = [
    path("", cockpit.cockpit, name="cockpit"),
    path("rows/", cockpit.rows, name="rows"),
    path("charts/", cockpit.charts, name="charts"),
    path("projects/<code:code>/standing/", health.health, name="health"),
    path("projects/new/", project_new.project_new, name="project-new"),
    path("projects/new/<int:pk>/size/", project_new.project_size, name="project-new-size"),
    path("projects/new/<int:pk>/preview/", project_new.project_preview, name="project-new-preview"),
    path("projects/new/<int:pk>/forget/", project_new.project_sketch_forget, name="project-new-forget"),
    path("projects/<code:code>/", project.project, name="project"),
    path("projects/<code:code>/live/", project.project_live, name="project-live"),
    path("projects/<code:code>/compliance/", project_compliance.project_compliance, name="project-compliance"),
    path("compliance/", compliance.compliance, name="compliance"),
    path("compliance/trend/", compliance.compliance_trend, name="compliance-trend"),
    path("compliance/views/", compliance.view_save, name="compliance-view-save"),
    path("compliance/packs/", evidence_packs.packs, name="packs"),
    path("compliance/packs/<int:pk>/", evidence_packs.pack, name="pack"),
    path("compliance/packs/<int:pk>/cancel/", evidence_packs.pack_cancel, name="pack-cancel"),
    path("compliance/packs/<int:pk>/file/", evidence_packs.pack_file, name="pack-file"),
    path("money/", money.money, name="money"),
    path("search/", search.search, name="search"),
    path("views/", cockpit.view_save, name="view-save"),
    path("views/<int:pk>/forget/", cockpit.view_delete, name="view-delete"),
    path("findings/", findings.findings, name="findings"),
    path("findings/acknowledge/", findings.findings_bulk, name="findings-acknowledge"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/comment/", findings.finding_say, name="finding-comment"),
    re_path(
        r"^findings/(?P<pk>\d{1,18})/(?P<act>acknowledge|treat|reopen|assign|suppress)/$",
        findings.finding_act,
        name="finding-act",
    ),
    path("projects/<code:code>/skills/", skills.project_skills, name="project-skills"),
    path("skills/people/", skills.skill_people, name="skill-people"),
    path("skills/me/", skills.my_skills, name="my-skills"),
    path("skills/people/<int:pk>/", skills.skill_person, name="skill-person"),
    path("skills/people/<int:pk>/assess/", skill_records.assess, name="skill-assess"),
    path("skills/people/<int:pk>/ask/", skill_records.ask, name="skill-ask"),
    path("skills/people/<int:pk>/certificates/", skill_records.certificate, name="skill-certificate"),
    path("skills/people/<int:pk>/development/", skill_records.develop, name="skill-develop"),
    path("skills/certificates/<int:pk>/withdraw/", skill_records.certificate_end, name="skill-certificate-end"),
    path("skills/development/<int:pk>/", skill_records.develop_turn, name="skill-develop-turn"),
    path("skills/peers/<int:pk>/", skill_records.peer, name="skill-peer"),
    path("settings/rules/", rules.rules, name="rules"),
    path("settings/rules/<slug:slug>/", rules.rule_set, name="rule"),
]
