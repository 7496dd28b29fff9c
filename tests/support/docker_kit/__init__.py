"""A real Docker Engine for tests, started by hand and stopped with the test run."""
