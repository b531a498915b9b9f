"""Microsoft Azure, as Resource Graph and Azure Resource Manager tell of it."""
