"""What every page below one project shows: its name, its tabs, what the reader may do."""

from __future__ import annotations

from typing import Any

from pmo.web.pages import OfficeRequest
from projects.models import Project
from projects.selectors.projects import project_get
from projects.selectors.rights import rights_on


def subpage(request: OfficeRequest, code: str, action: str, tab: str = "") -> tuple[Project, dict[str, Any]]:
    """The project for one action (refused as `project_get` does), and the context its templates read."""
    project = project_get(request.actor, action=action, code=code)
    return project, {
        "project": project,
        "can": {right.replace(".", "_"): True for right in rights_on(request.actor, project)},
        "tab": tab,
        "nav_active": "portfolio",
    }
