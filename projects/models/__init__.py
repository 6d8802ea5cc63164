from projects.models.costs import Budget, BudgetLine, Category, CostEntry, ExpenseType, Forecast
from projects.models.imports import ImportBatch, ImportMapping, ImportRow, ImportTarget
from projects.models.performance import ProjectPerformance
from projects.models.progress import Health, HealthDeclaration, Progress
from projects.models.projects import EacMethod, Project, ProjectMember, ProjectPhase, ProjectStatus
from projects.models.vendors import Vendor

__all__ = [
    "Budget",
    "BudgetLine",
    "Category",
    "CostEntry",
    "EacMethod",
    "ExpenseType",
    "Forecast",
    "Health",
    "HealthDeclaration",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "ImportTarget",
    "Progress",
    "Project",
    "ProjectMember",
    "ProjectPerformance",
    "ProjectPhase",
    "ProjectStatus",
    "Vendor",
]
