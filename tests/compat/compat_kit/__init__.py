"""What the compatibility tests share: servers under test, an HTTP client, and network peers."""
