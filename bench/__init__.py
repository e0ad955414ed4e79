"""The benchmarks: how fast a release leaves, beside Postfix's load generator and beside the usual way, in one run."""
