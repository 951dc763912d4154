"""How patients are: forms asked and answered, and the answers that somebody must see."""
