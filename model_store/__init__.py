"""What models exist, what is true of each, and how the files that are shipped are made.

The server imports `catalog` and `digest` only; both need nothing but the standard library.
"""
