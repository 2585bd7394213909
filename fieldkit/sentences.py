"""The one place that turns an error into a sentence for people: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit import errors
from fieldkit.i18n import N_, _
from fieldkit.reasons import state_words, system_words

_SENTENCES: dict[type[errors.FieldkitError], str] = {
    errors.UsageError: "{message}",
    errors.StoreUnreadable: N_(
        "The store {path} cannot be read ({detail}); nothing in it was changed; "
        "check its permissions, or move it away and put a snapshot from the folder snapshots in its place."
    ),
    errors.IndexDamaged: N_(
        "The search index is damaged ({detail}); no record and no note is lost; `fieldkit doctor --reindex` makes it anew."
    ),
    errors.StoreNewer: N_(
        "The store {path} was written by a newer fieldkit; nothing in it was changed; install the newer fieldkit to open it."
    ),
    errors.StoreUnwritable: N_(
        "The store {path} cannot be written ({detail}), so this was not saved; everything saved before is safe; "
        "check the permissions of the file and its folder."
    ),
    errors.StoreLocked: N_(
        "Another program is using the store {path}; nothing was written and nothing is lost; close it or try again in a minute."
    ),
    errors.DiskFull: N_(
        "The disk is full, so this was not saved; everything saved before is safe in {path}; free some space and try again."
    ),
    errors.NoteEmpty: N_("The note is empty, so nothing was saved; write some words after `fieldkit note`."),
    errors.NoteTooLong: N_(
        "The note has {length} characters and at most {limit} fit into one; its words are safe in {kept}; "
        "split it and save the parts."
    ),
    errors.NoteUnreadable: N_(
        "The note is not UTF-8 text (byte {position}); its bytes are safe in {kept}; convert the file to UTF-8 and try again."
    ),
    errors.NoteHasControls: N_(
        "The note holds the control character {character} at position {position}; its words are safe in {kept}; "
        "take the character out and try again."
    ),
    errors.NothingToSettle: N_(
        "Nothing that waits for a decision has the id {id}; nothing was changed; `fieldkit sync --conflicts` lists what does."
    ),
    errors.NoSuchRecord: N_(
        "No record has the id {id}; nothing was changed; `fieldkit find` and `fieldkit list` show the ids."
    ),
    errors.Ambiguous: N_("The short id {id} fits {count} records; nothing was changed; give more of its characters."),
    errors.OnlyRead: N_(
        "The guide is published by the office and only read here; nothing was changed; tell the office what should stand in it."
    ),
    errors.UnknownTaskForce: N_(
        "No task force, or more than one, is called {name}; nothing was changed; the task forces are: {known}."
    ),
    errors.NothingToUndo: N_(
        "There is nothing to undo; nothing was changed; `fieldkit undo` takes back your own last change."
    ),
    errors.NothingToRedo: N_("There is nothing to redo; nothing was changed; redo follows an undo."),
    errors.FileThere: N_("There is a file {path} already; nothing was written; choose another name."),
    errors.FileUnwritable: N_(
        "The file {path} cannot be written ({detail}); everything saved before is safe; check the folder or choose another."
    ),
    errors.AnswerUnwritten: N_(
        "The work in the file was taken and is safe at the centre, but its answer could not be written to {path} ({detail}); run the "
        "command again with another `--answer`: taking the file twice does no harm."
    ),
    errors.FileUnreadable: N_("The file {path} cannot be read ({detail}); nothing was changed; check the name."),
    errors.NotEnrolled: N_(
        "This laptop has no centre yet; everything you wrote is safe on it; ask the office for an invite and run "
        "`fieldkit enrol URL INVITE`."
    ),
    errors.AlreadyEnrolled: N_(
        "This laptop already belongs to the centre {centre}; nothing was changed; use `fieldkit sync` to exchange work with it."
    ),
    errors.BadAddress: N_(
        "{url} is not the address of a centre; nothing was changed; copy the address that the office gave you, "
        "for example https://centre.example.cn."
    ),
    errors.Withdrawn: N_(
        "The office has withdrawn this laptop; your unsent work is still safe on it; speak to the office, and with its new invite run "
        "`fieldkit enrol URL INVITE`: then the work is sent."
    ),
    errors.NotInitialised: N_("There is no centre in {home}; nothing was changed; run `fieldkit office init` first."),
    errors.AlreadyInitialised: N_(
        "There is a centre in {home} already; nothing was changed; start it with `fieldkit office serve`."
    ),
    errors.OfficeUnreadable: N_(
        "The file {path} does not say where the centre's database is; nothing was changed; put the one from your backup in its place."
    ),
    errors.DatabaseDamaged: N_(
        "The database {url} answers, and is not as a centre leaves it ({detail}); nothing was changed; keep a copy of it as it is, "
        "and put a backup in its place that `fieldkit office verify` finds whole."
    ),
    errors.DatabaseUnreachable: N_(
        "The database {url} does not answer ({detail}); nothing was changed; check that it runs and that the address is right."
    ),
    errors.CannotListen: N_(
        "This machine cannot listen at {host}, port {port} ({detail}); nothing was changed; check `--host` and `--port`."
    ),
    errors.PortTaken: N_(
        "Another program listens on port {port}; nothing was changed; choose another with `--port`, or `--port 0` for any free one."
    ),
    errors.UnknownGroup: N_("There is no group {code}; nothing was changed; the groups are: {known}."),
    errors.UnknownPerson: N_(
        "Nobody at this centre is called {name}; nothing was changed; `fieldkit office people` lists everybody."
    ),
    errors.UnknownLaptop: N_(
        "No laptop that may sync has the id {id}; nothing was changed; `fieldkit office devices` lists them."
    ),
}

_INVALID: dict[str, str] = {
    "unknown-field": N_("{kind} have no field {field}; nothing was changed; the fields are: {known}."),
    "required": N_("{field} cannot be empty; nothing was changed; give it a value."),
    "not-a-day": N_("{value} is not a day for {field}; nothing was changed; write 2026-12-03, 12月3日 or 下周三."),
    "not-a-time": N_("{value} is not a time for {field}; nothing was changed; write 14:30."),
    "not-an-amount": N_(
        "{value} is not an amount for {field}; nothing was changed; write 2.5亿, 3000万 or 300 million."
    ),
    "not-a-choice": N_("{value} is not a choice for {field}; nothing was changed; the choices are: {known}."),
    "not-a-phone": N_(
        "{value} is not a phone number for {field}; nothing was changed; write 13800138000 or 0558-5550000."
    ),
    "not-an-instant": N_("{value} is not a time for {field}; nothing was changed; write 2026-12-03 14:30."),
    "too-long": N_("{field} takes at most {limit} characters; nothing was changed; shorten {value} and the rest."),
    "no-such-reference": N_(
        "{field} names no record: {value}; nothing was changed; give the id of an existing record."
    ),
    "name-taken": N_("{count} records are called {value}; nothing was changed; give the id of the one that is meant."),
    "not-a-name": N_("{value} does not fit {field}; nothing was changed; write one line of at most 100 characters."),
    "merge-itself": N_("A record cannot be merged into itself; nothing was changed; name two records."),
    "merge-kinds": N_("These are records of two kinds; nothing was changed; name two of one kind."),
    "merge-groups": N_("These are records of two groups; nothing was changed; each group keeps its own."),
    "reason-needed": N_("This stage needs a reason; nothing was changed; give one with stage_reason."),
}

_INVITE: dict[str, str] = {
    "unknown": N_(
        "The office does not know this invite; nothing was changed; check every character or ask for a new one."
    ),
    "used": N_("This invite was used already; nothing was changed; ask the office for a new one."),
    "expired": N_("This invite has expired; nothing was changed; ask the office for a new one."),
}

_FILE: dict[str, str] = {
    "damaged": N_("{path} is damaged, or not a file of fieldkit; nothing was changed; have it sent again."),
    "too-large": N_("{path} is larger than any file of fieldkit; nothing was changed; check that it is the right one."),
    "newer": N_("{path} was written by a newer fieldkit; nothing was changed; install the newer fieldkit to read it."),
    "bundle": N_(
        "{path} is a laptop's work for the office and not the office's answer; nothing was changed; "
        "the office takes it with `fieldkit office receive`."
    ),
    "answer": N_(
        "{path} is an answer for a laptop; nothing was changed; the laptop takes it with `fieldkit sync --from-file`."
    ),
    "stranger": N_(
        "The centre does not know the laptop that wrote {path}; nothing was changed; "
        "find out whether it belongs to another centre, or let it in with a new invite."
    ),
    "other-laptop": N_(
        "{path} answers another laptop, or one that has joined a centre anew since; nothing was changed; "
        "look for the right file, or write a new one with `fieldkit sync --to-file`."
    ),
    "withdrawn": N_(
        "The laptop that wrote {path} was withdrawn; nothing was changed, and its work is still on it; "
        "if its work shall be taken, let it in with a new invite: on the laptop `fieldkit sync`, then `fieldkit enrol URL INVITE`."
    ),
    "no-news": N_(
        "{path} brings nothing new: it was taken before, this laptop has met the centre since, or another copy of the store "
        "wrote the file; nothing was changed; what is not yet sent goes with the next sync or file."
    ),
    "fork": N_(
        "A copy of this store was in use elsewhere, or the centre was restored; everything you saved is safe on this laptop, "
        "which goes on as a new one; write a new file with `fieldkit sync --to-file`."
    ),
    "clock": N_(
        "This laptop's clock was wrong; everything you saved is safe and now bears the centre's time; set the clock, then "
        "write a new file with `fieldkit sync --to-file`."
    ),
}

_GUIDE: dict[str, str] = {
    "empty": N_("{path} holds no words; nothing was published, and the guide stands as it was; check the file."),
    "not-text": N_(
        "{path} is not text in UTF-8 or GB18030, or is damaged; nothing was published, and the guide stands as it was; "
        "save it as plain text in UTF-8."
    ),
    "too-large": N_(
        "{path} is larger than {limit} MB; nothing was published, and the guide stands as it was; "
        "check that it is the right file."
    ),
    "too-many": N_(
        "{path} has more than {limit} sections; nothing was published, and the guide stands as it was; "
        "keep `#` and `##` for the headings of sections."
    ),
    "too-long": N_(
        "The section {title} of {path} has more than {limit} characters; nothing was published, and the guide stands as it "
        "was; divide it by further `##` headings."
    ),
}

_SYNC: dict[str, str] = {
    "Unreachable": "unreachable",
    "CentreFault": "fault",
    "NotACentre": "portal",
    "Unauthorised": "sign-in",
    "Revoked": "revoked",
    "ClockWrong": "clock",
    "TooOld": "too-old",
    "ForkSuspected": "fork",
    "AlreadySyncing": "busy",
}
"""The state whose words say it, by the name of the error of `sync`."""
_SYNC_OTHER = N_(
    "The exchange with the centre failed ({detail}); everything you saved is safe on this laptop; try again later."
)
_NOTE_KEPT = N_("The words of this note are safe in {kept}.")
_UNKNOWN = N_(
    "Something went wrong ({detail}); everything saved before is safe; run `fieldkit sync --status` to see it."
)


def sentence(error: errors.FieldkitError) -> str:
    """`error` in one sentence, in the language in use."""
    facts: dict[str, object] = dict(error.facts)
    detail = facts.get("detail")
    if isinstance(detail, OSError):
        facts["detail"] = system_words(detail)
    ancestors = type(facts.get("cause")).__mro__ if isinstance(error, errors.SyncFailed) else ()
    state = next((_SYNC[kind.__name__] for kind in ancestors if kind.__name__ in _SYNC), None)
    if state:
        return state_words(state, _("run `fieldkit {command}` again").format(command=facts.get("command", "sync")))
    said = _(_template(error, facts)).format_map(_Facts(facts))
    if isinstance(error, errors.StoreError) and "kept" in facts:
        said += " " + _(_NOTE_KEPT).format_map(facts)
    return said


def _template(error: errors.FieldkitError, facts: dict[str, object]) -> str:
    if isinstance(error, errors.Invalid):
        return _INVALID.get(
            str(facts.get("reason")), N_("{value} does not fit {field}; nothing was changed; correct it.")
        )
    if isinstance(error, errors.InviteRefused):
        return _INVITE.get(str(facts.get("reason")), _INVITE["unknown"])
    if isinstance(error, errors.GuideNotTaken):
        return _GUIDE.get(str(facts.get("reason")), _GUIDE["not-text"])
    if isinstance(error, errors.FileNotTaken):
        return _FILE.get(str(facts.get("reason")), _FILE["damaged"])
    if isinstance(error, errors.SyncFailed):
        facts["detail"] = facts.get("cause")
        return _SYNC_OTHER
    for ancestor in type(error).__mro__:
        if ancestor in _SENTENCES:
            return _SENTENCES[ancestor]
    facts["detail"] = error
    return _UNKNOWN


class _Facts(dict[str, object]):
    """Leaves a fact that is missing visibly open instead of failing over it."""

    def __missing__(self, key: str) -> str:
        return "?"


def unknown_value(key: str, value: str, known: Sequence[str]) -> str:
    """What is said of a filter that names nothing."""
    return _("{key}: knows no {value}; it knows: {known}.").format(key=key, value=value, known=", ".join(known))
