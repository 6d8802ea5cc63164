"""Where a project stands: its programme is one of its own portfolio."""

from __future__ import annotations

from django.apps import apps
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError


def programme_checked(*, portfolio_id: int, programme_id: int | None) -> None:
    """Raise ApplicationError unless the programme (if any) belongs to the portfolio."""
    if programme_id is None:
        return
    programmes = apps.get_model("portfolio", "Programme").objects  # the floor above is named as a string
    if not programmes.filter(pk=programme_id, portfolio_id=portfolio_id).exists():
        raise ApplicationError(
            _("The programme is not one of the project’s portfolio."), field="programme", code="other_portfolio"
        )
