"""Base model, the three refusals, the time source, ids and sealing. Nothing here knows the domain."""
