"""standards, standard-versions, phases, activities: how projects are to be run. Read only: published versions stay."""

from __future__ import annotations

from rest_framework import serializers

from pmo.api.resource import Resource
from pmo.kit.api import IdField, ReferenceField
from pmo.listings.standards import ACTIVITIES, PHASES, STANDARD_VERSIONS, STANDARDS
from pmo.models import Activity, Phase, Standard, StandardVersion
from pmo.selectors.office import activities_for, phases_for, standard_versions_for, standards_for


class StandardOut(serializers.ModelSerializer[Standard]):
    id = IdField()

    class Meta:
        model = Standard
        fields = ["id", "slug", "name", "description"]


class StandardVersionOut(serializers.ModelSerializer[StandardVersion]):
    id = IdField()
    standard = ReferenceField()

    class Meta:
        model = StandardVersion
        fields = ["id", "standard", "number", "published_at"]


class PhaseOut(serializers.ModelSerializer[Phase]):
    id = IdField()
    standard_version = ReferenceField(source="version")

    class Meta:
        model = Phase
        fields = ["id", "standard_version", "order", "key", "name", "purpose"]


class ActivityOut(serializers.ModelSerializer[Activity]):
    id = IdField()
    phase = ReferenceField()

    class Meta:
        model = Activity
        fields = ["id", "phase", "order", "key", "name", "why", "how", "responsible_role", "obligation"]


class ReadStandards(Resource):
    """What the four have in common."""

    action_map = {"list": "standard.view", "retrieve": "standard.view"}
    http_method_names = ["get", "head"]


class Standards(ReadStandards):
    """The organisation's standards."""

    queryset = Standard.objects.none()
    selector = staticmethod(standards_for)
    listing = STANDARDS
    serializer_class = StandardOut


class StandardVersions(ReadStandards):
    """Their versions; a published one never changes."""

    queryset = StandardVersion.objects.none()
    selector = staticmethod(standard_versions_for)
    listing = STANDARD_VERSIONS
    serializer_class = StandardVersionOut


class Phases(ReadStandards):
    """The phases of a version, with the gate at the end of each."""

    queryset = Phase.objects.none()
    selector = staticmethod(phases_for)
    listing = PHASES
    serializer_class = PhaseOut


class Activities(ReadStandards):
    """What is to be done in a phase."""

    queryset = Activity.objects.none()
    selector = staticmethod(activities_for)
    listing = ACTIVITIES
    serializer_class = ActivityOut
