"""The papers of a data protection officer, drafted from a run: what the run knows filled in, the rest left empty."""
