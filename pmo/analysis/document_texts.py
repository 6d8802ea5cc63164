"""Templates that come along: a charter, a paper for a gate and a closure report."""

from __future__ import annotations

from typing import Final

SHIPPED: Final = {
    "charter": ("Project charter", """# Charter of {{ project.name }}

{{ project.code }}, {{ project.portfolio }}, {{ organisation.name }}. Made on {{ today }}.

## Why we do this

{{ project.description }}

## Who stands for it

- Sponsor: {{ project.sponsor }}
- Project manager: {{ project.manager }}
- Budget owner: {{ project.budget_owner }}

## When

From {{ project.start }} to {{ project.finish }}, in these phases:

{{ project.phases }}

## What it may cost

Approved budget: {{ figures.bac }}.

## Who has an interest in it

{{ project.stakeholders }}

## What is not part of it

Write down what people might expect and will not get.

## How we will know that it worked

Name what can be counted afterwards, by whom, and from when on.
"""),
    "gate-paper": ("Gate paper", """# Gate paper: {{ project.name }}

{{ project.code }}, as at {{ today }}. Put before {{ project.sponsor }} by {{ project.manager }}.

## What is asked for

Say in one sentence what is to be decided.

## Where the project stands

Status {{ project.status }}, planned finish {{ project.finish }}.

- Budget: {{ figures.bac }}
- Spent: {{ figures.ac }}
- Expected at completion: {{ figures.eac }}
- Left over or missing: {{ figures.vac }}

## What was promised for this gate, and what is there

Go through the deliverables; name what is missing and until when.

## What could go wrong next

Name the three largest risks and who looks after each.

## What follows from a no

Say what would have to be undone and what it costs to wait.
"""),
    "closure-report": ("Closure report", """# Closure report: {{ project.name }}

{{ project.code }}, {{ project.portfolio }}, {{ today }}.

## What was delivered

Compare with the charter: what is there, what is not, what came in addition.

## Time and money

Planned from {{ project.start }} to {{ project.finish }}.

- Budget: {{ figures.bac }}
- Spent: {{ figures.ac }}
- Left over or missing: {{ figures.vac }}

## What is handed over, and to whom

Name everything that somebody has to run, pay or repair from now on.

## What we would do again, and what not

Write it for somebody who begins a similar project next year.

## Benefits still to come

Say who measures them, when, and who hears of it.
"""),
}  # fmt: skip
