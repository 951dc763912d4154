"""Why a plan is a good one, why there is none, and what would have to give way."""
