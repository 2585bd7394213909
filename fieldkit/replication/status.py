"""What a screen or command shows of synchronisation, from the outbox itself. Plain sqlite3; loads nothing heavy."""

from sync.status import (
    Rejected,
    Status,
    Waiting,
    badges,
    read_status,
    rejected_records,
    waiting_records,
)

__all__ = ["Rejected", "Status", "Waiting", "badges", "read_status", "rejected_records", "waiting_records"]
