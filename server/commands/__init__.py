"""What `tandem` can be told on the command line, one file for those that belong together."""
