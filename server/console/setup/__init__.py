"""What an administrator sets up: people, who is on call, house rules, texts, places."""
