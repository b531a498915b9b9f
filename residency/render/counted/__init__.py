"""What the report counts, one idea a file, asked of DuckDB views that `residency.render.figures` sets up."""
