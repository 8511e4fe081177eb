"""Users, sign-in, links by mail."""
