"""The rules of the house, each a function that returns its findings over the sources it is given."""
