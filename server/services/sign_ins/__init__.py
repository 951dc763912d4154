"""Who somebody is: passwords, invitations, tokens, and what a link in a message stands for."""
