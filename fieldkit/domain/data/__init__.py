"""The city's packaged data."""
