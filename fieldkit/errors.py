"""What can go wrong, as a tree. Sentences for people are made in `fieldkit.sentences`, never here.

FieldkitError
├── UsageError                 wrong words on the command line            exit 2
└── Failure                    a person can act on it                     exit 1
    ├── StoreError
    │   ├── StoreUnreadable    not a store, damaged, or no permission     path, detail
    │   ├── IndexDamaged       search cannot be read, the records can     path, detail
    │   ├── StoreNewer         written by a newer fieldkit                path, found, known
    │   ├── StoreUnwritable    read-only, or its place is no directory    path, detail
    │   ├── StoreLocked        another process kept it past 30 s          path
    │   └── DiskFull           nothing was written                        path
    ├── NoteError
    │   ├── NoteEmpty
    │   ├── NoteTooLong        length, limit (characters)                 kept (path of the kept words)
    │   ├── NoteUnreadable     stdin is not UTF-8                         position, kept
    │   └── NoteHasControls    control characters                         character, position, kept
    ├── RecordError
    │   ├── NoSuchRecord       id
    │   ├── NothingToSettle    no conflict and no refused record          id
    │   ├── Ambiguous          a short id that fits several               id, count
    │   ├── OnlyRead           the office publishes it                    kind
    │   └── Invalid            field, reason, value
    ├── NothingToUndo / NothingToRedo
    ├── UnknownTaskForce       name, known
    ├── FileError              a file to be carried by hand           path
    │   ├── FileThere          files are never written over
    │   ├── FileUnwritable     detail
    │   ├── AnswerUnwritten    the work was taken all the same            detail
    │   ├── FileUnreadable     detail
    │   ├── GuideNotTaken      reason: empty, not-text, too-large, too-many, too-long   limit, title
    │   └── FileNotTaken       reason: damaged, too-large, newer, bundle, answer, stranger, other-laptop, withdrawn, no-news,
    │                          fork, clock
    ├── CentreError
    │   ├── NotEnrolled
    │   ├── AlreadyEnrolled    centre
    │   ├── BadAddress         url
    │   ├── InviteRefused      reason: unknown, used, expired
    │   ├── SyncFailed         cause: an error of the package `sync`      command (to run again)
    │   └── Withdrawn          the office withdrew this laptop
    └── OfficeError
        ├── NotInitialised     there is no centre here
        ├── AlreadyInitialised
        ├── OfficeUnreadable   the file that names the database           path
        ├── DatabaseUnreachable  url, detail
        ├── DatabaseDamaged    tables are missing, or cannot be read      url, detail
        ├── CannotListen       host, port, detail
        ├── PortTaken          port
        ├── UnknownGroup       code
        ├── UnknownPerson      name
        └── UnknownLaptop      id
"""

from __future__ import annotations


class FieldkitError(Exception):
    """Everything that fieldkit raises on purpose; `facts` fill the sentence."""

    def __init__(self, **facts: object) -> None:
        super().__init__(", ".join(f"{name}={value!r}" for name, value in facts.items()))
        self.facts = facts


class UsageError(FieldkitError):
    """Wrong words on the command line: `message`."""


class Failure(FieldkitError):
    """A failure that a person can act on."""


class StoreError(Failure):
    """The store cannot be used now."""


class StoreUnreadable(StoreError):
    """Not a store, damaged, or no permission: `path`, `detail`."""


class IndexDamaged(StoreError):
    """The search index cannot be read, and is made anew from the records: `path`, `detail`."""


class StoreNewer(StoreError):
    """A newer fieldkit wrote it: `path`, `found`."""


class StoreUnwritable(StoreError):
    """It can be read at best: `path`, `detail`."""


class StoreLocked(StoreError):
    """Another process kept the store busy for longer than we wait: `path`."""


class DiskFull(StoreError):
    """No room to write: `path`."""


class NoteError(Failure):
    """A note that cannot be kept as it came."""


class NoteEmpty(NoteError):
    """Nothing but blanks."""


class NoteTooLong(NoteError):
    """`length` over `limit`, in characters; the words were `kept` in a file."""


class NoteUnreadable(NoteError):
    """Not UTF-8: `position` of the first bad byte; the bytes were `kept` in a file."""


class NoteHasControls(NoteError):
    """A control `character` at `position`; the words were `kept` in a file."""


class RecordError(Failure):
    """About one record."""


class NoSuchRecord(RecordError):
    """No record has this `id`."""


class NothingToSettle(RecordError):
    """No open conflict and no refused record has this `id`."""


class Ambiguous(RecordError):
    """`count` records fit this short `id`."""


class OnlyRead(RecordError):
    """Records of this `kind` are published by the office and not written here."""


class Invalid(RecordError):
    """A `field` does not take this `value`, for this `reason`."""


class NothingToUndo(Failure):
    """The history is empty."""


class NothingToRedo(Failure):
    """Nothing was undone since the last change."""


class UnknownTaskForce(Failure):
    """No task force, or more than one, is called by this `name`; `known` are all of them."""


class FileError(Failure):
    """About a file that is carried by hand: `path`."""


class FileThere(FileError):
    """There is a file of this name already."""


class FileUnwritable(FileError):
    """It cannot be written here: `detail`."""


class AnswerUnwritten(FileError):
    """The work was taken, and its answer cannot be written here: `detail`."""


class FileUnreadable(FileError):
    """It cannot be read: `detail`."""


class GuideNotTaken(FileError):
    """It is not the text of a guide, for this `reason`; `limit` is what it exceeds, `title` that of the section at fault."""


class FileNotTaken(FileError):
    """It was read and did not do what it should, for this `reason`."""


class CentreError(Failure):
    """Between the laptop and the centre."""


class NotEnrolled(CentreError):
    """This laptop has no centre yet."""


class AlreadyEnrolled(CentreError):
    """This laptop belongs to a `centre` already."""


class BadAddress(CentreError):
    """Not the address of a centre: `url`."""


class InviteRefused(CentreError):
    """`reason`: unknown, used or expired."""


class SyncFailed(CentreError):
    """`cause`: an error of the package `sync`."""


class Withdrawn(CentreError):
    """The office has withdrawn this laptop."""


class OfficeError(Failure):
    """At the centre itself."""


class NotInitialised(OfficeError):
    """There is no centre in `home`."""


class AlreadyInitialised(OfficeError):
    """There is a centre in `home` already."""


class OfficeUnreadable(OfficeError):
    """The file at `path` does not say where the centre's database is."""


class DatabaseUnreachable(OfficeError):
    """The centre's database does not answer: `url` without its password, `detail`."""


class DatabaseDamaged(OfficeError):
    """The centre's database answers, and is not as a centre leaves it: `url` without its password, `detail`."""


class CannotListen(OfficeError):
    """This machine cannot take requests at `host` and `port`: `detail`."""


class PortTaken(OfficeError):
    """Another program listens on `port`."""


class UnknownGroup(OfficeError):
    """No group has this `code`."""


class UnknownPerson(OfficeError):
    """Nobody at the centre has this `name`."""


class UnknownLaptop(OfficeError):
    """No laptop that may still sync has this `id`."""
