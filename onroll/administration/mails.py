"""The messages that administration sends, beside those of signing in."""

from onroll.access import mails

from .people import UNUSED

# The same occasion as an invitation, for someone who can sign in already.
mails.register(
    "post_given",
    subject="You are invited to {service}",
    text="{service} has given you a post. Sign in to see what for:\n\n{address}",
)
mails.register(
    "sign_in_reset",
    subject="Your second step was removed",
    text=(
        "{service} has removed the second step of your sign-in because it was told that you lost it. You also get an "
        "invitation, by which you choose a new password and a new second step. If you did not ask for it, tell the "
        "virtual school at once."
    ),
)
mails.register(
    UNUSED,
    subject="Your account will be switched off",
    text=(
        "You have not signed in for a long time. If you still need your account, sign in within 7 days. If you do not, "
        "you need do nothing: it will be switched off.\n\n{address}"
    ),
)
