"""Relays: where mail is handed over. `relay` is the contract, every other file is one way of keeping it."""
