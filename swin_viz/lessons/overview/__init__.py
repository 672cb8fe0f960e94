"""The Overview as data: the whole network in one row, who voted, patches and pairs, a stage as it runs."""
