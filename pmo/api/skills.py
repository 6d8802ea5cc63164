"""skills, benchmarks, assessments, certificates. What was judged is never changed: a newer judgement follows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Input, Resource
from pmo.kit.api import DayField, IdField, ReferenceField, TextField, WholeField
from pmo.listings.skills import ASSESSMENTS, BENCHMARKS, CERTIFICATES, SKILLS, assessor_named
from pmo.models import Assessment, Benchmark, Certificate, Skill, SkillLevel
from pmo.selectors.skills import assessments_for, benchmarks_for, certificates_for, persons_for, skills_for
from pmo.services.skill_frameworks import benchmark_change, benchmark_create
from pmo.services.skills import LONGEST, assessments_record, certificate_add, certificate_withdraw


class SkillLevelOut(serializers.ModelSerializer[SkillLevel]):
    class Meta:
        model = SkillLevel
        fields = ["level", "name", "description"]


class SkillOut(serializers.ModelSerializer[Skill]):
    id = IdField()
    framework = serializers.CharField(source="framework.key")
    levels = SkillLevelOut(many=True)

    class Meta:
        model = Skill
        fields = ["id", "framework", "key", "name", "group", "description", "levels"]


class Skills(Resource):
    """The skills of the frameworks in use, each level in words."""

    action_map = {"list": "skill.view", "retrieve": "skill.view"}
    queryset = Skill.objects.none()
    selector = staticmethod(skills_for)
    listing = SKILLS
    serializer_class = SkillOut
    http_method_names = ["get", "head"]


class BenchmarkOut(serializers.ModelSerializer[Benchmark]):
    id = IdField()
    skill = ReferenceField()

    class Meta:
        model = Benchmark
        fields = ["id", "skill", "role", "tier", "level", "version"]


class BenchmarkIn(Input):
    skill = ReferenceField(scope=lambda actor: skills_for(actor, "skill.edit"))
    role = TextField(max_length=30)
    tier = WholeField(min_value=1, max_value=4)
    level = WholeField(min_value=0, max_value=5)


class LevelIn(Input):
    level = WholeField(min_value=0, max_value=5)


class Benchmarks(Creates, Changes):
    """Which level a role needs in a skill at a tier. PATCH needs If-Match."""

    action_map = {
        "list": "skill.view",
        "retrieve": "skill.view",
        "create": "skill.edit",
        "partial_update": "skill.edit",
    }
    queryset = Benchmark.objects.none()
    selector = staticmethod(benchmarks_for)
    listing = BENCHMARKS
    serializer_class = BenchmarkOut
    input_classes = {"create": BenchmarkIn, "partial_update": LevelIn}
    versioned = ("partial_update",)
    http_method_names = ["get", "head", "post", "patch"]

    def create_one(self, data: dict[str, Any]) -> Benchmark:
        return benchmark_create(actor=self.actor, skill_id=data.pop("skill").pk, **data)

    def update_one(self, row: Benchmark, data: dict[str, Any], version: int | None) -> Benchmark:
        level = data.get("level", row.level)
        return benchmark_change(actor=self.actor, benchmark_id=row.pk, version=version or row.version, level=level)


class AssessmentOut(serializers.ModelSerializer[Assessment]):
    id = IdField()
    person = ReferenceField()
    skill = ReferenceField()
    kind = serializers.CharField(help_text="self, peer or assessor.")
    assessor = serializers.SerializerMethodField(help_text="Empty for peers.")

    class Meta:
        model = Assessment
        fields = ["id", "person", "skill", "kind", "level", "assessed_on", "evidence", "assessor", "recorded_at"]

    def get_assessor(self, row: Assessment) -> str:
        return assessor_named(row)


class AssessmentIn(Input):
    person = ReferenceField(scope=lambda actor: persons_for(actor, "skill.assess"))
    skill = ReferenceField(scope=lambda actor: skills_for(actor, "skill.view"))
    level = WholeField(min_value=0, max_value=5)
    assessed_on = DayField()
    evidence = TextField(required=False, allow_blank=True, max_length=LONGEST)


class Assessments(Creates):
    """Judgements of people one may see: of oneself, or as an assessor. Peers judge on the page they are asked to."""

    action_map = {"list": "skill.view", "retrieve": "skill.view", "create": "skill.assess"}
    queryset = Assessment.objects.none()
    selector = staticmethod(assessments_for)
    listing = ASSESSMENTS
    serializer_class = AssessmentOut
    input_classes = {"create": AssessmentIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Assessment:
        [made] = assessments_record(
            actor=self.actor,
            person_id=data["person"].pk,
            levels={data["skill"].pk: data["level"]},
            assessed_on=data["assessed_on"],
            evidence=data.get("evidence", ""),
        )
        return made


class CertificateOut(serializers.ModelSerializer[Certificate]):
    id = IdField()
    person = ReferenceField()
    skill = ReferenceField()

    class Meta:
        model = Certificate
        fields = [
            "id", "person", "name", "issuer", "number", "issued_on", "expires_on", "skill", "level", "withdrawn_at",
        ]  # fmt: skip


class CertificateIn(Input):
    person = ReferenceField(scope=lambda actor: persons_for(actor, "skill.assess"))
    name = TextField(max_length=200)
    issuer = TextField(required=False, allow_blank=True, max_length=200)
    number = TextField(required=False, allow_blank=True, max_length=100)
    issued_on = DayField()
    expires_on = DayField(required=False, allow_null=True)
    skill = ReferenceField(scope=lambda actor: skills_for(actor, "skill.view"), required=False, allow_null=True)
    level = WholeField(required=False, allow_null=True, min_value=0, max_value=5)


class NothingIn(Input):
    """No fields."""


class Certificates(Creates):
    """Certificates of people one may see. An expired or withdrawn one does not count."""

    action_map = {
        "list": "skill.view",
        "retrieve": "skill.view",
        "create": "skill.assess",
        "withdraw": "skill.assess",
    }
    queryset = Certificate.objects.none()
    selector = staticmethod(certificates_for)
    listing = CERTIFICATES
    serializer_class = CertificateOut
    input_classes = {"create": CertificateIn, "withdraw": NothingIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Certificate:
        return certificate_add(actor=self.actor, person_id=data.pop("person").pk, values=data)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """From now on it does not count."""
        row = self.get_object()
        self.checked(request.data)
        return self.answer(certificate_withdraw(actor=self.actor, certificate_id=row.pk))
