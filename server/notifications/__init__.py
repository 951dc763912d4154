"""How a message leaves the house: a catalogue of neutral texts, and a channel for each way."""
