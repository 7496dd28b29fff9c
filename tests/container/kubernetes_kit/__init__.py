"""What renders the manifests of examples/kubernetes, and what judges them."""
