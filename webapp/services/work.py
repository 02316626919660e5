"""What the worker does, by name. Each does what the tables say is owed, and returns whether more is waiting."""

from collections.abc import Callable

from webapp.services import account_mail, accounts, notices, photo_work

WORKS: dict[str, Callable[[], bool]] = {
    "notices": notices.send_due,
    "account_mail": account_mail.send_due,
    "sessions": accounts.tidy,
    "photos": photo_work.decode_waiting,
    "staging": photo_work.drop_stale,
}
