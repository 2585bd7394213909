"""One module for each screen and overlay."""
