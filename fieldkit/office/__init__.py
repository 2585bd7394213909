"""The centre: it takes laptops in, serves sync to them, and shows the office what has come in."""
