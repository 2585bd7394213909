"""The kinds of record as people meet them: names, fields, labels, what a field takes. Imports nothing heavy.

Command line, screens and lists are built from this one table; a test holds it to the tables of `fieldkit.domain.records`.
"""

from __future__ import annotations

from fieldkit.i18n import N_

TEXT, LONG_TEXT, AMOUNT, DAY, TIME, INSTANT, PHONE, USCC = (
    "text",
    "long-text",
    "amount",
    "day",
    "time",
    "instant",
    "phone",
    "uscc",
)
CHOICE, REFERENCE = "choice", "reference"
BODY = "text"
"""The field that is shown over the whole width, where a kind has it."""


class Field:
    """One field: its `name` (the column), `label`, what it takes, and whether a record cannot do without it.

    `of` is the list of codes for a CHOICE (`modes`, `stages`, `task_forces`, `places`), the kind for a REFERENCE.
    """

    __slots__ = ("label", "name", "of", "required", "takes")

    def __init__(self, name: str, label: str, takes: str = TEXT, of: str = "", *, required: bool = False) -> None:
        self.name = name
        self.label = label
        self.takes = takes
        self.of = of
        self.required = required


class Kind:
    """One kind: `name` (also the table), labels, the fields that a person edits or reads, and the field that names a record."""

    __slots__ = ("fields", "label", "label_one", "name", "title_field")

    def __init__(self, name: str, label: str, label_one: str, title_field: str, fields: tuple[Field, ...]) -> None:
        self.name = name
        self.label = label
        self.label_one = label_one
        self.title_field = title_field
        self.fields = fields

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


_COMPANY = Field("company_id", N_("Company"), REFERENCE, "companies")
_CONTACT = Field("contact_id", N_("Contact"), REFERENCE, "contacts")
_LEAD = Field("lead_id", N_("Lead"), REFERENCE, "leads")
_TASK_FORCE = Field("task_force", N_("Task force"), CHOICE, "task_forces")
_MODE = Field("mode", N_("Mode"), CHOICE, "modes")
_NOTE = Field("note", N_("Remarks"), LONG_TEXT)

COMPANIES = Kind(
    "companies",
    N_("Companies"),
    N_("Company"),
    "name",
    (
        Field("name", N_("Name"), required=True),
        Field("short_name", N_("Short name")),
        Field("uscc", N_("Credit code"), USCC),
        Field("region", N_("Region")),
        Field("address", N_("Address")),
        Field("former_names", N_("Former names")),
        _TASK_FORCE,
        _NOTE,
    ),
)
CONTACTS = Kind(
    "contacts",
    N_("Contacts"),
    N_("Contact"),
    "name",
    (
        Field("name", N_("Name"), required=True),
        _COMPANY,
        Field("post", N_("Post")),
        Field("phone", N_("Phone"), PHONE),
        Field("wechat", N_("WeChat")),
        Field("email", N_("E-mail")),
        _NOTE,
    ),
)
LEADS = Kind(
    "leads",
    N_("Leads"),
    N_("Lead"),
    "title",
    (
        Field("title", N_("Project"), required=True),
        _COMPANY,
        _TASK_FORCE,
        Field("stage", N_("Stage"), CHOICE, "stages"),
        Field("stage_reason", N_("Reason")),
        Field("amount", N_("Amount"), AMOUNT),
        _MODE,
        Field("place_code", N_("Place"), CHOICE, "places"),
        Field("content", N_("Content"), LONG_TEXT),
        _NOTE,
    ),
)
VISITS = Kind(
    "visits",
    N_("Visits"),
    N_("Visit"),
    "text",
    (
        Field(BODY, N_("Text"), LONG_TEXT, required=True),
        Field("visited_on", N_("Day"), DAY, required=True),
        Field("visited_time", N_("Time"), TIME),
        _COMPANY,
        _CONTACT,
        _LEAD,
        _MODE,
        _TASK_FORCE,
        Field("place", N_("Place")),
        Field("amount", N_("Amount"), AMOUNT),
        Field("tags", N_("Tags")),
    ),
)
FOLLOWUPS = Kind(
    "followups",
    N_("Follow-ups"),
    N_("Follow-up"),
    "what",
    (
        Field("what", N_("What"), required=True),
        Field("due_on", N_("Due"), DAY),
        Field("due_time", N_("Time"), TIME),
        Field("done_at", N_("Done"), INSTANT),
        Field("visit_id", N_("Visit"), REFERENCE, "visits"),
        _COMPANY,
        _CONTACT,
        _LEAD,
        _NOTE,
    ),
)

GUIDES = Kind(
    "guides",
    N_("Guide"),
    N_("Guide section"),
    "title",
    (
        Field("title", N_("Title"), required=True),
        _TASK_FORCE,
        Field("version", N_("Version")),
        Field("published_at", N_("Published"), INSTANT),
        Field(BODY, N_("Text"), LONG_TEXT),
    ),
)

WRITTEN: dict[str, Kind] = {kind.name: kind for kind in (LEADS, VISITS, CONTACTS, COMPANIES, FOLLOWUPS)}
"""The kinds that people write."""
KINDS: dict[str, Kind] = {**WRITTEN, GUIDES.name: GUIDES}
"""All kinds: those that people write, and those that the office publishes and they only read."""
INBOX = "inbox"

MODES: dict[str, str] = {
    "on-site": N_("On site"),
    "stationed": N_("Stationed"),
    "entrusted": N_("Entrusted"),
    "by-investors": N_("By investors"),
}
ROLES: dict[str, str] = {
    "recruiter": N_("Recruiter"),
    "group-leader": N_("Group leader"),
    "office": N_("Coordination office"),
    "leader": N_("Leader"),
    "admin": N_("Administrator"),
}
NEW = "+"
"""Before the name of a record that is to be made where a reference is given."""
MOVED = "moved:"
"""Before the id of a contact who works at the visit's company now."""
MERGED_INTO = "merged_into"
MERGEABLE = ("companies", "contacts", "leads")
"""The kinds of which two records can be merged."""
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("amount", "amount_text", "currency"),
    ("stage", "stage_reason"),
    ("deleted", MERGED_INTO),
)
"""Fields that mean something only together: they are written, taken back and settled together, or 2亿 of one person and USD
of another would make 200 million dollars. A record that lacks one of them is written without."""


def written_with(field: str) -> tuple[str, ...]:
    """The fields that are written whenever `field` is, itself among them."""
    return next((group for group in TOGETHER if field in group), (field,))
