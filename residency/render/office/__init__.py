"""The papers as files of an office suite, for a person to finish. Needs the extra `office`."""
