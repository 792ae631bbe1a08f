"""What single chapters need: one module for each, named by its number."""
