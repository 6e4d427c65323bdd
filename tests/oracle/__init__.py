"""Naive reference detectors: day by day, in plain Python, to check the array detectors against.

Every sentence that a function carries out stands above it as a comment, so that a reader can
lay the code beside the definitions. Nothing here is fast, and nothing here knows the detectors.
"""
