"""Throw-away servers, the proxy under test and small clients, for the integration tests."""
