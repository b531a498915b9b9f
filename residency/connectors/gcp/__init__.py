"""Google Cloud, read through Cloud Asset Inventory: one list of everything, with its configuration."""
