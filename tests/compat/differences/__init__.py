"""Measurements that run with the same code against every server of this API.

Each is a function that takes a `Bed`, starts the servers and peers it needs there, and returns the
text of a table cell.
"""
