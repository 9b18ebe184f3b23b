"""The event store: failures, the candidates for them, what the user did and what happened then."""
