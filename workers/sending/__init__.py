"""The way of a release out: planned, fanned out in chunks, dispatched row by row under the ledger."""
