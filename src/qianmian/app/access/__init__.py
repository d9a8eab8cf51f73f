"""Who may come in: accounts with passwords, the sessions of their browsers, and tokens for programs."""
