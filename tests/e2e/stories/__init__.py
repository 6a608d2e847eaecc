"""The pages to which no link of the demo leads: each is reached by a short story, through the test client."""
