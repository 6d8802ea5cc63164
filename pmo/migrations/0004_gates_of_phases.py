"""The gate that a phase named becomes a row of its own, with its criteria."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def gates_from_phases(apps: Any, schema_editor: Any) -> None:
    Phase = apps.get_model("pmo", "Phase")
    Gate = apps.get_model("pmo", "Gate")
    GateCriterion = apps.get_model("pmo", "GateCriterion")
    for phase in Phase.objects.exclude(gate_name="").order_by("id").iterator(chunk_size=500):
        gate = Gate.objects.create(
            organisation_id=phase.organisation_id,
            phase=phase,
            order=1,
            key=f"{phase.key}-gate",
            name=phase.gate_name,
            approver_roles=["sponsor"],
        )
        GateCriterion.objects.bulk_create(
            GateCriterion(
                organisation_id=phase.organisation_id, gate=gate, order=order, key=f"criterion-{order}", text=text[:500]
            )
            for order, text in enumerate(phase.gate_criteria, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("pmo", "0003_standards_policies_skills")]

    operations = [migrations.RunPython(gates_from_phases, migrations.RunPython.noop)]
