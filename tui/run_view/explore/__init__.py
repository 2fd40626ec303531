"""What the Explore tab says: values in, text out."""
