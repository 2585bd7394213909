"""Why the centre refused a record, and what stopped an exchange, in words with the way out."""

from __future__ import annotations

from fieldkit.i18n import N_, _

_STATES: dict[str, str] = {
    "unreachable": N_("The centre did not answer; everything is safe here; F5 tries again."),
    "portal": N_("What answered is not the centre, perhaps a Wi-Fi sign-in page; sign in there, then F5."),
    "sign-in": N_("The centre does not know this laptop; ask the office for a new invite."),
    "revoked": N_("The office has withdrawn this laptop; speak to the office."),
    "clock": N_("This laptop's clock is wrong; set it, then F5."),
    "too-old": N_("This fieldkit is too old for the centre; install the new version."),
    "fork": N_("A copy of this store was in use elsewhere; F5 goes on as a new laptop."),
    "busy": N_("The centre is busy; F5 tries again."),
    "fault": N_("The last exchange broke off; everything is safe here; F5 tries again."),
}
_REASONS: dict[str, str] = {
    "reference": N_("Only the office writes this."),
    "group": N_("It belongs to another group, or your role only reads."),
    "author": N_("It bears somebody else's name; only they, or the office, may send it."),
}


def state_words(state: str) -> str:
    """What stopped the last exchange."""
    return _(_STATES.get(state, _STATES["fault"]))


def reason_words(reason: str) -> str:
    """Why a record was refused; an unknown reason as the centre wrote it."""
    known = _REASONS.get(reason)
    return _(known) if known else _("The centre says: {reason}").format(reason=reason)
