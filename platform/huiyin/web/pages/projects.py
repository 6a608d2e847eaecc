"""民生实事项目 for everybody: the year's projects with their lights, and each project's page."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from huiyin.congress.models import Ballot, BallotCandidate
from huiyin.core import time_source
from huiyin.files import serving
from huiyin.supervision import ballots as ballot_reads
from huiyin.supervision import project as reads
from huiyin.supervision import projects as board
from huiyin.web.numbers import number_in


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """A year's projects, and the candidates among whom they were chosen with their votes."""
    seen = Ballot.objects.visible_to(request.actor)
    shown = board.views_of(board.public_projects(seen), seen, time_source.today())
    ballots = board.candidates_by_year(seen, shown)
    years = sorted({one.year for one in shown} | set(ballots), reverse=True)
    asked = number_in(request.GET.get("year", ""))
    year = asked if asked in years else (years[0] if years else None)
    rows = [one for one in shown if one.year == year]
    colours = [one.light.colour for one in rows]
    context = {
        "years": years,
        "year": year,
        "rows": rows,
        "ballots": ballots.get(year, []) if year else [],
        "red": colours.count("red"),
        "yellow": colours.count("yellow"),
        "rule": board.rule_in_words(),
    }
    return render(request, "web/projects.html", context)


@require_safe
def project(request: HttpRequest, case_id: str) -> HttpResponse:
    """A project: plan against actual, reports with photos, visits, the reply and what was measured."""
    seen = Ballot.objects.visible_to(request.actor)
    row = get_object_or_404(board.with_a_page(seen), public_id=case_id)
    found = board.with_a_page(seen).filter(pk=row.pk)
    stood = BallotCandidate.objects.visible_to(request.actor).filter(case=row)
    context = {
        "project": board.views_of(found, seen, time_source.today())[0],
        "story": reads.story_of(row),
        "cost": ballot_reads.costs_of([row.pk]).get(row.pk, ""),
        "stood": [
            (one, ballot_reads.standing_of(one))
            for one in stood.select_related("ballot").order_by("ballot_id")
        ],
        "rule": board.rule_in_words(),
    }
    return render(request, "web/project.html", context)


@require_safe
def project_photo(request: HttpRequest, case_id: str, attachment_id: str, size: str = "full") -> FileResponse:
    """A photo of a progress note of a public project."""
    seen = Ballot.objects.visible_to(request.actor)
    case = get_object_or_404(board.with_a_page(seen), public_id=case_id)
    row = get_object_or_404(reads.photos_of(case), public_id=attachment_id)
    return serving.serve(row, size, caches="public")
