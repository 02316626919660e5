"""The six roles in words, as an administrator chooses among them."""

from webapp.rules.codes import Code, CodeList
from webapp.rules.roles import Role

ROLES = CodeList(
    Code(Role.VOLUNTEER.value, "Volunteer", "Takes part in speed-watch sessions."),
    Code(Role.COORDINATOR.value, "Coordinator", "Plans speed-watch sessions and their sites."),
    Code(Role.WARDEN.value, "Warden", "Sees the records they made, and marks them cleared."),
    Code(
        Role.OFFICER.value,
        "Officer",
        "Sees every record with its contacts, and decides what the public sees.",
    ),
    Code(Role.PARTNER.value, "Partner", "Sees the records that their agency must answer."),
    Code(Role.ADMIN.value, "Administrator", "Does what officers do, and manages people."),
)
