"""Graphs of the structure of published models, with random weights: what weights nobody has here
would meet."""
