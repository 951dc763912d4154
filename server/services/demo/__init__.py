"""The demo clinic: plainly fictional people, deterministic relative to the day it is made."""
