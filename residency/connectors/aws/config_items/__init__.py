"""What AWS Config recorded, read by the same readers as the answers of the services themselves."""
