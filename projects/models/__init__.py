from projects.models.baselines import Baseline, ChangeRequest
from projects.models.closing import BenefitOwner, Lesson, ProjectSketch
from projects.models.costs import Budget, BudgetLine, Category, CostEntry, ExpenseType, Forecast, ForecastLine
from projects.models.documents import Document, DocumentVersion
from projects.models.imports import ImportBatch, ImportMapping, ImportRow, ImportTarget
from projects.models.lifecycle import (
    ComplexityAssessment,
    Evidence,
    GateApproval,
    GateCondition,
    GateDelegation,
    GateReview,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    TailoringChange,
    Waiver,
)
from projects.models.matching import UnmatchedCost
from projects.models.ownership import Responsibility
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
from projects.models.stakeholders import Communication, CommunicationAudience, CommunicationPlanItem, Stakeholder
from projects.models.vendors import Vendor

__all__ = [
    "Baseline",
    "BenefitOwner",
    "Budget",
    "BudgetLine",
    "Category",
    "ChangeRequest",
    "Communication",
    "CommunicationAudience",
    "CommunicationPlanItem",
    "ComplexityAssessment",
    "CostEntry",
    "Document",
    "DocumentVersion",
    "EacMethod",
    "Evidence",
    "ExpenseType",
    "Forecast",
    "ForecastLine",
    "GateApproval",
    "GateCondition",
    "GateDelegation",
    "GateReview",
    "Health",
    "HealthDeclaration",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "ImportTarget",
    "Lesson",
    "MeasurementMethod",
    "PhaseMilestone",
    "Progress",
    "Project",
    "ProjectActivity",
    "ProjectDeliverable",
    "ProjectGate",
    "ProjectMember",
    "ProjectPerformance",
    "ProjectPhase",
    "ProjectReporting",
    "ProjectSketch",
    "ProjectStatus",
    "Responsibility",
    "Stakeholder",
    "TailoringChange",
    "UnmatchedCost",
    "Vendor",
    "Waiver",
]
