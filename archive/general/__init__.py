"""Rules for a page of any site: title, byline, body and refusals, by what Chinese sites print."""
