"""The REST site map: every resource is registered here, on the top floor, which knows them all."""

from __future__ import annotations

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from pmo.api.audit import AuditEvents
from pmo.api.browsable import Docs, Schema, nothing_here
from pmo.api.organisations import Organisations, Roles
from pmo.api.people import Memberships, People
from pmo.api.policies import Acknowledgements, Policies, PolicyVersions
from pmo.api.rates import ExchangeRates
from pmo.api.saved_views import SavedViews
from pmo.api.skills import Assessments, Benchmarks, Certificates, Skills
from pmo.api.standard_items import Activities, Deliverables, Gates, Phases, TailoringRules
from pmo.api.standards import Standards, StandardVersions, TierModels
from pmo.api.tokens import Tokens
from portfolio.api.changed import ChangedView
from portfolio.api.compliance import Compliance
from portfolio.api.findings import Findings
from portfolio.api.portfolios import Portfolios, Programmes
from portfolio.api.rules import Rules
from portfolio.api.scoreboard import ScoreboardView
from projects.api.budgets import BudgetLines, Budgets
from projects.api.changes import Baselines, ChangeRequests
from projects.api.checklist import ProjectActivities, ProjectDeliverables, ProjectGates
from projects.api.costs import CostEntries, Vendors
from projects.api.gate_reviews import GateReviews
from projects.api.imports import ImportMappings, Imports
from projects.api.matching import UnmatchedCosts
from projects.api.ownership import Responsibilities
from projects.api.periods import Periods
from projects.api.phases import ProjectPhases
from projects.api.projects import Projects
from projects.api.stakeholders import Communications, Stakeholders
from projects.api.statements import Forecasts, HealthDeclarations, ProgressStatements
from projects.api.waivers import ComplexityAssessments, Lessons, Waivers

router = SimpleRouter()
router.register("organisations", Organisations)
router.register("people", People)
router.register("memberships", Memberships)
router.register("standards", Standards)
router.register("standard-versions", StandardVersions)
router.register("phases", Phases)
router.register("activities", Activities)
router.register("deliverables", Deliverables)
router.register("gates", Gates)
router.register("tailoring-rules", TailoringRules)
router.register("tier-models", TierModels)
router.register("policies", Policies)
router.register("policy-versions", PolicyVersions)
router.register("acknowledgements", Acknowledgements)
router.register("skills", Skills)
router.register("benchmarks", Benchmarks)
router.register("assessments", Assessments)
router.register("certificates", Certificates)
router.register("tokens", Tokens)
router.register("audit-events", AuditEvents)
router.register("exchange-rates", ExchangeRates)
router.register("saved-views", SavedViews)
router.register("changed", ChangedView, basename="changed")
router.register("scoreboard", ScoreboardView, basename="scoreboard")
router.register("compliance", Compliance, basename="compliance")
router.register("findings", Findings)
router.register("rules", Rules, basename="rule")
router.register("portfolios", Portfolios)
router.register("programmes", Programmes)
router.register("projects", Projects)
router.register("project-phases", ProjectPhases)
router.register("project-activities", ProjectActivities)
router.register("project-deliverables", ProjectDeliverables)
router.register("project-gates", ProjectGates)
router.register("gate-reviews", GateReviews)
router.register("waivers", Waivers)
router.register("complexity-assessments", ComplexityAssessments)
router.register("lessons", Lessons)
router.register("budgets", Budgets)
router.register("budget-lines", BudgetLines)
router.register("baselines", Baselines)
router.register("change-requests", ChangeRequests)
router.register("cost-entries", CostEntries)
router.register("vendors", Vendors)
router.register("periods", Periods, basename="period")
router.register("unmatched-costs", UnmatchedCosts)
router.register("forecasts", Forecasts)
router.register("progress", ProgressStatements)
router.register("health-declarations", HealthDeclarations)
router.register("responsibilities", Responsibilities)
router.register("stakeholders", Stakeholders)
router.register("communications", Communications)
router.register("imports", Imports)
router.register("import-mappings", ImportMappings)

resources = [
    path("schema/", Schema.as_view(), name="schema"),
    path("roles/", Roles.as_view(), name="roles"),
    path("projects/<pk>/compliance/", Compliance.as_view({"get": "project"}), name="project-compliance"),
    path("imports/<pk>/rejects.csv", Imports.as_view({"get": "rejects"}), name="importbatch-rejects"),
    *router.urls,
]
urlpatterns = [
    path("v1/", include(resources)),
    path("docs/", Docs.as_view(), name="api-docs"),
    re_path(r"^.*$", nothing_here, name="api-nothing"),
]
