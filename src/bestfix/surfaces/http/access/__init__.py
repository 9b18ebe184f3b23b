"""Who asks: API keys, OIDC bearer tokens, and the one user of a loopback without either."""
