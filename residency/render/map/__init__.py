"""The map of the report: country shapes, places as points, flows between them. Drawn here, without a library."""
