"""`python -m bench` runs every measurement, `python -m bench NAME [options]` one of them."""

import importlib
import sys

QUICK = ("place", "planner", "arrivals", "races", "messages", "phone")
SHORT = {
    "planner": ["10"],
    "arrivals": ["40"],
    "messages": ["--count", "2000", "--workers", "1,2"],
    "races": ["--postgresql", "3000", "--sqlite", "600"],
}
"""What a full run shortens; the figures in docs are from the long run."""


def main() -> None:
    """Each measurement is a module of this folder with a `main(arguments)`."""
    asked = sys.argv[1:]
    for name in asked[:1] or QUICK:
        importlib.import_module(f"bench.{name}").main(asked[1:] or SHORT.get(name, []))


if __name__ == "__main__":
    main()
