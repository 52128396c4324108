"""Mattebox, to be installed by pip: the server, the page, and what they need, in one package."""
