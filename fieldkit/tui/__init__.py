"""The app. Before its first frame it loads Textual and sqlite3, nothing heavier."""
