from projects.models.baselines import Baseline, ChangeRequest
from projects.models.costs import Budget, BudgetLine, Category, CostEntry, ExpenseType, Forecast, ForecastLine
from projects.models.imports import ImportBatch, ImportMapping, ImportRow, ImportTarget
from projects.models.matching import UnmatchedCost
from projects.models.performance import ProjectPerformance, ProjectReporting
from projects.models.progress import Health, HealthDeclaration, Progress
from projects.models.projects import (
    EacMethod,
    MeasurementMethod,
    PhaseMilestone,
    Project,
    ProjectMember,
    ProjectPhase,
    ProjectStatus,
)
from projects.models.vendors import Vendor

__all__ = [
    "Baseline",
    "Budget",
    "BudgetLine",
    "Category",
    "ChangeRequest",
    "CostEntry",
    "EacMethod",
    "ExpenseType",
    "Forecast",
    "ForecastLine",
    "Health",
    "HealthDeclaration",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "ImportTarget",
    "MeasurementMethod",
    "PhaseMilestone",
    "Progress",
    "Project",
    "ProjectMember",
    "ProjectPerformance",
    "ProjectPhase",
    "ProjectReporting",
    "ProjectStatus",
    "UnmatchedCost",
    "Vendor",
]
