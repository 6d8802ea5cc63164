from portfolio.models.compliance import ComplianceDay, EvidencePack, ProjectCompliance
from portfolio.models.findings import (
    SEVERITY_RANK,
    Finding,
    FindingEvent,
    FindingProject,
    RuleSetting,
    Severity,
)
from portfolio.models.portfolios import Portfolio, PortfolioAssignment, Programme
from portfolio.models.rollups import ProjectStanding, RollUp, RollUpDay

__all__ = [
    "ComplianceDay",
    "EvidencePack",
    "Finding",
    "FindingEvent",
    "FindingProject",
    "Portfolio",
    "PortfolioAssignment",
    "Programme",
    "ProjectCompliance",
    "ProjectStanding",
    "RollUp",
    "RollUpDay",
    "RuleSetting",
    "SEVERITY_RANK",
    "Severity",
]
