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
    "SEVERITY_RANK",
    "Finding",
    "FindingEvent",
    "FindingProject",
    "Portfolio",
    "PortfolioAssignment",
    "Programme",
    "ProjectStanding",
    "RollUp",
    "RollUpDay",
    "RuleSetting",
    "Severity",
]
