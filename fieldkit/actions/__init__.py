"""One function for each thing a person does. Command line, screens and office call these; none has its own copy.

Each is one transaction, captured for sync and kept in the history. SQLModel is loaded by the first that writes records.
"""

from fieldkit.actions.file_note import Filed, file_line, file_waiting
from fieldkit.actions.followups import complete_followup, reopen_followup
from fieldkit.actions.leads import move_stage
from fieldkit.actions.merging import Merged, follow_merges, merge
from fieldkit.actions.notes import keep_note, read_line
from fieldkit.actions.records import add, delete, edit, settle
from fieldkit.actions.undoing import Kept, Undone, redo, undo

__all__ = [
    "Filed",
    "Kept",
    "Merged",
    "Undone",
    "add",
    "complete_followup",
    "delete",
    "edit",
    "file_line",
    "file_waiting",
    "follow_merges",
    "keep_note",
    "merge",
    "move_stage",
    "read_line",
    "redo",
    "reopen_followup",
    "settle",
    "undo",
]
