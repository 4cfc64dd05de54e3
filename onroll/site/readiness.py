"""Whether this installation is fit to serve, and if not why."""

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connection

from onroll.access.encryption import KeyMissing, key_ids
from onroll.authorities.models import Authority
from onroll.documents import scanning
from onroll.history import triggers

from . import installation


def why_not_ready() -> list[str]:
    """Every reason, in words. Empty when there is none."""
    if not installation.has_tables():
        return [installation.NOTHING_HERE]
    problems = run_checks(tags=[Tags.models, Tags.urls, Tags.templates])
    reasons = [str(problem.msg) for problem in problems if not problem.is_silenced()]
    if unapplied := installation.unapplied_migrations():
        reasons.append(f"{len(unapplied)} migrations are not applied. `onroll start` applies them.")
        return reasons
    try:
        triggers.check(connection)
    except triggers.HistoryNotInPlace as problem:
        reasons.append(str(problem))
    if installation.is_empty():
        reasons.append(installation.NOTHING_HERE)
    for authority in Authority.objects.all():
        try:
            key_ids(authority.pk)
        except KeyMissing as missing:
            reasons.append(str(missing))
    if down := scanning.why_down():
        reasons.append(f"{down} Documents wait, each seen by its uploader alone. ONROLL_SCANNER names it.")
    mode = settings.KEYS_FOLDER.stat().st_mode & 0o077
    if mode:
        reasons.append(f"Others on this machine can look into {settings.KEYS_FOLDER}. Close it with: chmod 700")
    return reasons


def worth_knowing() -> list[str]:
    """What does not stop the installation from serving, and whoever runs it should know."""
    if scanning.is_configured():
        return []
    return ["No malware scanner is named (ONROLL_SCANNER). Documents are kept after Onroll’s own checks alone."]
