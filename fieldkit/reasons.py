"""Why the centre refused a record, and what stopped an exchange, in words: what happened, what is safe, what to do."""

from __future__ import annotations

import errno

from fieldkit.i18n import N_, _, ngettext

_STATES: dict[str, str] = {
    "unreachable": N_(
        "The centre does not answer; everything you saved is safe on this laptop; check the network, then {again}."
    ),
    "portal": N_(
        "What answers is not the centre, perhaps a Wi-Fi sign-in page; everything you saved is safe on this laptop; "
        "sign in to the Wi-Fi or check the address, then {again}."
    ),
    "sign-in": N_(
        "The session has expired: the centre does not know this laptop; everything you saved is safe on it; "
        "ask the office for a new invite and run `fieldkit enrol URL INVITE`."
    ),
    "revoked": N_(
        "The office has withdrawn this laptop; your unsent work is still safe on it; speak to the office, and with its new invite run "
        "`fieldkit enrol URL INVITE`: then the work is sent."
    ),
    "clock": N_("This laptop's clock is wrong; everything you saved is safe on it; set the clock, then {again}."),
    "too-old": N_(
        "This fieldkit is too old for the centre; your work was sent and is safe; install the new version to receive."
    ),
    "fork": N_(
        "A copy of this store is in use elsewhere; everything you saved is safe on both; go on with one of them, then {again}."
    ),
    "busy": N_("Another fieldkit is exchanging this laptop's work; everything is safe; wait until it has finished."),
    "bases": N_("It carries more of its past than the centre takes; add it anew, and give this one up."),
    "conflicts": N_("It has too many open conflicts already; settle those first, then send it again."),
    "fault": N_(
        "The centre could not answer; everything you saved is safe on this laptop; wait a minute, then {again}."
    ),
}
_REASONS: dict[str, str] = {
    "reference": N_("Only the office writes this; give the change up."),
    "group": N_("It belongs to another group, or your role only reads; speak to the office, or give it up."),
    "scope": N_("It belongs to another group, or your role only reads; speak to the office, or give it up."),
    "forbidden": N_("It belongs to another group, or your role only reads; speak to the office, or give it up."),
    "author": N_(
        "It bears somebody else's name; only they, or the office, may send it; give it up, or let them send it."
    ),
    "too-large": N_("It is too large to be sent; shorten it, and it goes with the next sync."),
    "unstorable": N_("The centre's database does not take it; edit it, or tell the office its id."),
    "malformed": N_("The centre cannot read it; edit it, or tell the office its id."),
    "clock": N_("It bears a time that has not come yet; set the clock, then send it again."),
    "stamp": N_("It bears a time that cannot be; set the clock, edit it, and it goes with the next sync."),
    "id": N_("Its id is not one that fieldkit makes; add it anew, and give this one up."),
    "missing": N_("It is no longer on this laptop; there is nothing to send; give it up."),
    "unknown": N_("The centre does not know it, and did not take it as new; send it again, or tell the office its id."),
    "table": N_(
        "The centre does not know this kind of record; the office must install the newer fieldkit; then send it again."
    ),
    "scopes": N_("The centre could not tell whose it is; tell the office its id."),
    "bases": N_("It carries more of its past than the centre takes; add it anew, and give this one up."),
    "conflicts": N_("It has too many open conflicts already; settle those first, then send it again."),
    "fault": N_("The centre failed over it and took everything else; send it again later, or tell the office its id."),
    "rule": N_("The centre's rules failed over it; tell the office its id."),
}
_VALUES: dict[str, str] = {
    "type": N_("is not of the right kind"),
    "surrogate": N_("holds half a character"),
    "nul": N_("holds a NUL character"),
    "range": N_("is a number too large"),
    "nan": N_("is not a number"),
    "date": N_("is not a day"),
    "instant": N_("is not a time"),
    "choice": N_("is not one of the choices"),
    "null": N_("is missing"),
    "depth": N_("is nested too deep"),
}

_SYSTEM: dict[type[OSError], str] = {
    FileNotFoundError: N_("there is no such file or folder"),
    PermissionError: N_("you have no permission"),
    IsADirectoryError: N_("it is a folder"),
    NotADirectoryError: N_("a part of its path is no folder"),
    FileExistsError: N_("there is such a file already"),
}
_ERRNO = {
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EIO: N_("the disk does not work"),
    errno.EADDRNOTAVAIL: N_("this machine has no such address"),
}
_MINUTE = 60 * 1000
_CLOCK_TOLERANCE, _IN_HOURS, _IN_DAYS = 5, 2 * 60, 2 * 24 * 60
"""In minutes: from where a clock is told to be wrong, and from where in hours and in days."""


def state_words(state: str, again: str) -> str:
    """What stopped the last exchange; `again` is what to do to try once more. Empty where nothing did."""
    if state in ("never", "done"):
        return ""
    return _(_STATES.get(state, _STATES["fault"])).format(again=again)


def reason_words(reason: str) -> str:
    """Why a record was refused and what to do; an unknown reason as the centre wrote it."""
    if reason in _REASONS:
        return _(_REASONS[reason])
    word, _blank, rest = reason.partition(" ")
    if word == "value":
        return _value_words(rest)
    return _("The centre says: {reason}").format(reason=reason)


def _value_words(rest: str) -> str:
    from fieldkit.domain.kinds import KINDS

    field, _blank, why = rest.rpartition(" ")
    label = next((_(one.label) for kind in KINDS.values() for one in kind.fields if one.name == field), field)
    what = _(_VALUES[why]) if why in _VALUES else why
    text = (
        _("{field} {what}; correct it, and it goes with the next sync.")
        if field
        else _("Something in it {what}; correct it, and it goes with the next sync.")
    )
    return text.format(field=label, what=what)


def quarantine_words(count: int) -> str:
    """What to do about records of the centre that this program cannot read; empty where there are none."""
    if not count:
        return ""
    text = ngettext(
        "{n} record of the office cannot be shown by this fieldkit; it is kept. Install the newest fieldkit and sync.",
        "{n} records of the office cannot be shown by this fieldkit; they are kept. Install the newest fieldkit and sync.",
        count,
    )
    return text.format(n=count)


def clock_words(skew: int) -> str:
    """What to do about a clock that the centre's was `skew` ms ahead of; empty where they agree within five minutes."""
    minutes = round(abs(skew) / _MINUTE)
    hours, days = round(minutes / 60), round(minutes / (24 * 60))
    if minutes < _CLOCK_TOLERANCE:
        return ""
    if minutes < _IN_HOURS:
        span = ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    elif minutes < _IN_DAYS:
        span = ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    else:
        span = ngettext("{n} day", "{n} days", days).format(n=days)
    text = (
        _("At the last exchange this laptop's clock was {span} behind the centre's; {safe}.")
        if skew > 0
        else _("At the last exchange this laptop's clock was {span} ahead of the centre's; {safe}.")
    )
    return text.format(span=span, safe=_("everything you saved is safe and goes with the centre's time; set the clock"))


def system_words(error: OSError) -> str:
    """Why the system refused, as far as it is known; else in the system's own words."""
    by_kind = next((words for kind, words in _SYSTEM.items() if isinstance(error, kind)), "")
    known = by_kind or _ERRNO.get(error.errno or 0, "")
    return _(known) if known else error.strerror or str(error)
