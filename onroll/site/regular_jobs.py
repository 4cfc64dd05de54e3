"""The jobs that `jobs.py` does at regular times."""

import logging

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from onroll.access import guessing, mails
from onroll.access.kept_words import forget_old_words
from onroll.access.sessions import SessionStore

logger = logging.getLogger(__name__)


@task()
def clear_ended_sign_ins() -> None:
    """Remove the sign-ins whose time is over, counts of wrong tries, and words that nobody came back for."""
    SessionStore.clear_expired()
    guessing.forget(now=timezone.now())
    forget_old_words()


@task()
def send_mail() -> int:
    """Send the messages that wait."""
    return mails.send_what_is_due(now=timezone.now())


@task()
def forget_finished_jobs() -> None:
    """Remove what is known of jobs that were done more than a fortnight ago."""
    call_command("prune_db_task_results", min_age_days=14, verbosity=0)


@task()
def verify_history() -> list[str]:
    """Look for anything altered in the history or the access log; say so in the server's log and to the reviewers."""
    from .databases import as_owner
    from .heads import verify_and_tell

    with as_owner():
        findings = verify_and_tell(now=timezone.now())
    for finding in findings:
        logger.error("%s", finding)
    return findings


@task()
def keep_heads() -> None:
    """Write the heads of the history and of the access log outside the database."""
    from .databases import as_owner
    from .heads import keep

    with as_owner():
        keep(now=timezone.now())


@task()
def watch_looks() -> int:
    """Read the access log with the rules that watch it."""
    from onroll.looks.watching import watch

    from .databases import as_owner

    with as_owner():
        return watch(now=timezone.now())


@task()
def remind_of_openings() -> int:
    """Write to the reviewers of emergency openings whose review is late."""
    from onroll.access.scope import in_authority
    from onroll.children.reviewing import remind

    from .installation import authorities

    late = 0
    for authority in authorities():
        with in_authority(authority.pk):
            late += remind(authority.pk, on=timezone.localdate())
    return late


@task()
def scan_waiting_documents() -> int:
    """Have the scanner look at the documents that wait: it may have been away when they were added."""
    from onroll.documents import jobs
    from onroll.plans import jobs as of_plans

    from .installation import authorities

    waiting = (jobs.scan_waiting_documents, of_plans.scan_waiting_documents)
    return sum(each.call(authority.pk) for authority in authorities() for each in waiting)


@task()
def clear_stray_files() -> int:
    """Remove the files of documents that no record names."""
    from time import time

    from onroll.documents.storing import clear_strays
    from onroll.plans.storing import clear_strays as clear_strays_of_plans

    from .databases import as_owner

    with as_owner():
        return clear_strays(now=time()) + clear_strays_of_plans(now=time())


@task()
def review_access() -> None:
    """Open the access review of a term that has begun, and end what nobody confirmed in one that is over."""
    from onroll.access import scope
    from onroll.access.actors import Actor
    from onroll.administration.reviews import daily

    from .installation import authorities

    for authority in authorities():
        with scope.in_authority(authority.pk):
            daily(actor=Actor.system(authority.pk, today=timezone.localdate()))


@task()
def keep_figures() -> int:
    """Count the figures of periods that are over, once, and keep them."""
    from onroll.access import scope
    from onroll.measures.keeping import keep_closed

    from .installation import authorities

    kept = 0
    for authority in authorities():
        with scope.in_authority(authority.pk):
            kept += keep_closed(authority, today=timezone.localdate())
    return kept


@task()
def remove_old_exports() -> int:
    """Remove the files of lists and copies whose week is over."""
    from onroll.exports import storing
    from onroll.exports.actions import remove_old

    from .installation import authorities

    storing.clear_old()
    return sum(remove_old(authority.pk, now=timezone.now()) for authority in authorities())


@task()
def switch_off_unused() -> int:
    """Warn the people who have not signed in for long, and switch off whom that did not bring back."""
    from onroll.administration.unused import daily

    from .installation import authorities

    return daily([authority.pk for authority in authorities()], today=timezone.localdate())


@task()
def watch_sign_ins() -> int:
    """Look for many wrong sign-ins within a short time."""
    from onroll.people.alarms import tell_of_guessing

    from .databases import as_owner

    with as_owner():
        return len(tell_of_guessing(now=timezone.now()))


@task()
def open_peps() -> int:
    """Open the personal education plans of this day, and put open ones in step with the record."""
    from onroll.access import scope
    from onroll.peps.opening import open_what_is_due

    from .installation import authorities

    opened = 0
    for authority in authorities():
        with scope.in_authority(authority.pk):
            opened += open_what_is_due(authority, today=timezone.localdate()).opened
    return opened


@task()
def send_pep_digests() -> int:
    """Tell people by e-mail that plans wait for them, on the days for it, and that a meeting waits for their reply."""
    from onroll.access import scope
    from onroll.peps.meeting.mails import send_reminders
    from onroll.peps.notices import send_digests

    from .installation import authorities

    sent = 0
    for authority in authorities():
        with scope.in_authority(authority.pk):
            sent += send_digests(authority, today=timezone.localdate())
            sent += send_reminders(authority, today=timezone.localdate())
    return sent


@task()
def tell_schools() -> int:
    """Tell head teachers and designated teachers that a looked-after child has come onto their roll."""
    from onroll.access import scope
    from onroll.children.roll_notices import tell_schools as tell

    from .installation import authorities

    told = 0
    for authority in authorities():
        with scope.in_authority(authority.pk):
            told += tell(authority, today=timezone.localdate())
    return told


@task()
def sign_off_peps() -> int:
    """Sign off the plans that were not drawn for audit, where the authority's rule says so."""
    from onroll.access import scope
    from onroll.peps.signing_off import sign_off_undrawn

    from .installation import authorities

    signed = 0
    for authority in authorities():
        with scope.in_authority(authority.pk):
            signed += sign_off_undrawn(authority, today=timezone.localdate())
    return signed
