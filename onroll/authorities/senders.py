"""Who a message comes from: each virtual school under its own name, and from its own address where it has one."""

from onroll.access.mails import Sender

from .models import Authority


def sender_of(authority: int) -> Sender:
    """The sender of an authority's messages. The installation itself is called Onroll."""
    held = Authority.objects.filter(pk=authority).first()
    return Sender(held.service_name, held.mail_address) if held else Sender()
