"""Form document -> fields -> checked answers: one validator for pages, API and import."""
