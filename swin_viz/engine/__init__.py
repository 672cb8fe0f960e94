"""One run of the network, kept and shared by all sessions."""
