"""Writing down skills: a grid of levels with its evidence, certificates, development, and asking peers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.skills import HIGHEST
from pmo.kit.errors import NotFound
from pmo.models import DevelopmentAction, Person, Skill
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.selectors.office import people_for
from pmo.selectors.skills import (
    levels_at,
    person_get,
    requests_to,
    skills_for,
)
from pmo.services.skills import (
    LONGEST,
    assessments_record,
    certificate_add,
    certificate_withdraw,
    development_plan,
    development_turn,
    kind_of,
    peer_answer,
    peer_ask,
)
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page

LEVELS = [("", "–"), *((str(level), str(level)) for level in range(HIGHEST + 1))]


class AssessForm(forms.Form):
    """A level for each skill, chosen by its words; left out where it is not judged."""

    assessed_on = forms.DateField(label=gettext_lazy("Judged on"), widget=Day())
    evidence = forms.CharField(
        label=gettext_lazy("What it rests on"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What was seen, when, in which work. An assessor has to say it."),
    )

    def __init__(self, *args: Any, skills: list[Skill], now: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for skill in skills:
            words = [(str(each.level), f"{each.level} {each.name}: {each.description}") for each in skill.levels.all()]
            self.fields[f"skill-{skill.pk}"] = forms.ChoiceField(
                label=skill.name,
                required=False,
                choices=[("", _("not judged")), *words],
                help_text=_("Held now: %d") % now[skill.pk] if skill.pk in now else escape(skill.description),
            )

    @property
    def levels(self) -> dict[int, int]:
        return {
            int(name.split("-")[1]): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("skill-") and value
        }


class CertificateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Certificate"), max_length=200)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=200, required=False)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=100, required=False)
    issued_on = forms.DateField(label=gettext_lazy("Issued on"), widget=Day())
    expires_on = forms.DateField(
        label=gettext_lazy("Ends on"), widget=Day(), required=False, help_text=gettext_lazy("Empty: it does not end.")
    )
    skill = forms.TypedChoiceField(
        label=gettext_lazy("Evidences the skill"), required=False, coerce=int, empty_value=None
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("At level"), required=False, choices=LEVELS, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, skills: list[Skill], own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].choices = [("", "–"), *((skill.pk, skill.name) for skill in skills)]  # type: ignore[attr-defined]
        if own:  # for an assessor to say
            del self.fields["skill"], self.fields["level"]


class DevelopmentForm(forms.Form):
    skill = forms.TypedChoiceField(label=gettext_lazy("Skill"), coerce=int)
    target_level = forms.TypedChoiceField(label=gettext_lazy("To reach level"), choices=LEVELS[2:], coerce=int)
    text = forms.CharField(
        label=gettext_lazy("What is done"),
        max_length=500,
        help_text=gettext_lazy("A course, a mentor, a task of its own."),
    )
    due = forms.DateField(label=gettext_lazy("Until"), widget=Day(), required=False)

    def __init__(self, *args: Any, skills: list[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].choices = [(skill.pk, skill.name) for skill in skills]  # type: ignore[attr-defined]


class AskForm(forms.Form):
    peer = forms.ModelChoiceField(
        label=gettext_lazy("Colleague"),
        queryset=Person.objects.none(),
        help_text=gettext_lazy("Sees nothing of what others said, and is not named beside the levels."),
    )

    def __init__(self, *args: Any, actor: Actor, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_for(actor, "people.view").filter(user__isnull=False).exclude(pk=person.pk)
        self.fields["peer"].queryset = people.order_by("name")  # type: ignore[attr-defined]


def _home(org: str, person: Person) -> str:
    return reverse("portfolio:skill-person", args=[org, person.pk])


def _page(request: OfficeRequest, form: forms.Form, person: Person, title: str, act: str, **more: Any) -> HttpResponse:
    back = more.pop("back", _home(request.actor.organisation.slug, person))
    context = {"person": person, "title": title, "act": act, "back": back, "nav_active": "skill-people", **more}
    return form_page(request, "portfolio/skill_form.html", form, context)


@page("skill.assess", post="skill.assess")
def assess(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Judge somebody, or oneself, in as many skills as one can say something about."""
    actor = request.actor
    person = person_get(actor, pk, action="skill.assess")
    today = today_in(actor.organisation)
    held = levels_at(actor.organisation.pk, today, [person.pk]).get(person.pk, {})
    form = AssessForm(
        request.POST or None, initial={"assessed_on": today},
        skills=list(skills_for(actor, "skill.view")), now={skill: level.level for skill, level in held.items()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: assessments_record(
                actor=actor, person_id=pk, levels=form.levels, assessed_on=form.cleaned_data["assessed_on"],
                evidence=form.cleaned_data["evidence"],
            ),
        )  # fmt: skip
        if made is not None:
            return done(request, _("%d levels are on record.") % len(made), _home(org, person))
    own = kind_of(actor, person) == "self"
    title = _("How well do you do it?") if own else _("Assess %s") % person
    return _page(request, form, person, title, _("Put on record"), grid=True)


@page("skill.peer", post="skill.peer")
def peer(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Judge a colleague as one was asked to, seeing no other's judgement."""
    actor = request.actor
    asked = requests_to(actor).filter(pk=pk).first()
    if asked is None:
        raise NotFound()
    today: date = today_in(actor.organisation)
    form = AssessForm(
        request.POST or None, initial={"assessed_on": today}, skills=list(skills_for(actor, "skill.view")), now={}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: peer_answer(
                actor=actor, request_id=pk, levels=form.levels, assessed_on=form.cleaned_data["assessed_on"],
                evidence=form.cleaned_data["evidence"],
            ),
        )  # fmt: skip
        if made is not None:
            return done(
                request, _("Thank you. It counts, and you are not named."), reverse("portfolio:my-skills", args=[org])
            )
    title = _("Judge %s as a peer") % asked.person
    back = reverse("portfolio:my-skills", args=[org])
    return _page(request, form, asked.person, title, _("Put on record"), grid=True, back=back)


@page("skill.assess", post="skill.assess")
def ask(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Ask a colleague to judge somebody as a peer."""
    person = person_get(request.actor, pk, action="skill.assess")
    form = AskForm(request.POST or None, actor=request.actor, person=person)
    if request.method == "POST" and form.is_valid():
        colleague = form.cleaned_data["peer"]
        made = attempt(form, lambda: peer_ask(actor=request.actor, person_id=pk, peer=colleague))
        if made is not None:
            return done(request, _("%s is asked, and finds it under “My skills”.") % colleague, _home(org, person))
    return _page(request, form, person, _("Ask a colleague about %s") % person, _("Ask"))


@page("skill.assess", post="skill.assess")
def certificate(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Enter a certificate."""
    actor = request.actor
    person = person_get(actor, pk, action="skill.assess")
    own = kind_of(actor, person) == "self"
    form = CertificateForm(request.POST or None, skills=list(skills_for(actor, "skill.view")), own=own)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "skill"}
        if form.cleaned_data.get("skill"):
            values["skill"] = skills_for(actor, "skill.view").get(pk=form.cleaned_data["skill"])
        made = attempt(form, lambda: certificate_add(actor=actor, person_id=pk, values=values))
        if made is not None:
            return done(request, _("%s is on record.") % made, _home(org, person))
    return _page(request, form, person, _("A certificate of %s") % person, _("Put on record"))


@page("skill.assess", post="skill.assess")
def certificate_end(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Let a certificate count no more."""
    if request.method != "POST":
        return redirect("portfolio:skill-people", org)
    found = certificate_withdraw(actor=request.actor, certificate_id=pk)
    return done(request, _("%s counts no more.") % found, _home(org, found.person))


@page("skill.assess", post="skill.assess")
def develop(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Plan what closes a gap; `?skill=` names it."""
    actor = request.actor
    person = person_get(actor, pk, action="skill.assess")
    form = DevelopmentForm(
        request.POST or None, initial={"skill": request.GET.get("skill", "")},
        skills=list(skills_for(actor, "skill.view")),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = attempt(
            form,
            lambda: development_plan(
                actor=actor, person_id=pk, skill_id=values["skill"], target_level=values["target_level"],
                text=values["text"], due=values["due"],
            ),
        )  # fmt: skip
        if made is not None:
            return done(request, _("It is planned."), _home(org, person))
    return _page(request, form, person, _("Development of %s") % person, _("Plan it"))


@page("skill.assess", post="skill.assess")
def develop_turn(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Say how far it has come."""
    if request.method != "POST":
        return redirect("portfolio:skill-people", org)
    version = request.POST.get("version", "")
    made = development_turn(
        actor=request.actor, action_id=pk, state=request.POST.get("state", ""),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    )  # fmt: skip
    said = {"state": DevelopmentAction.State(made.state).label, "what": made.text}
    return done(request, _("%(what)s: %(state)s.") % said, _home(org, made.person))
