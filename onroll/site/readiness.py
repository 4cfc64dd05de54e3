"""Whether this installation is fit to serve, and if not why."""

from django.conf import settings
from django.core.checks import Tags, run_checks

from onroll.access.encryption import KeyMissing, key_ids
from onroll.authorities.models import Authority

from . import installation


def why_not_ready() -> list[str]:
    """Every reason, in words. Empty when there is none."""
    if not installation.has_tables():
        return ["There is no database yet. Set one up with: onroll init --authority CODE"]
    reasons = [f"{problem.msg}" for problem in run_checks(tags=[Tags.models, Tags.urls, Tags.templates])]
    if unapplied := installation.unapplied_migrations():
        reasons.append(f"{len(unapplied)} migrations are not applied. `onroll start` applies them.")
        return reasons
    if installation.is_empty():
        reasons.append("There is no authority here yet. Set one up with: onroll init --authority CODE")
    for authority in Authority.objects.all():
        try:
            key_ids(authority.pk)
        except KeyMissing as missing:
            reasons.append(str(missing))
    mode = settings.KEYS_FOLDER.stat().st_mode & 0o077
    if mode:
        reasons.append(f"Others on this machine can look into {settings.KEYS_FOLDER}. Close it with: chmod 700")
    return reasons
