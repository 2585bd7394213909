"""What things are and the rules they obey. No session, no network, no screen."""
