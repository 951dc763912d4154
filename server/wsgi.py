"""What a web server loads: the application made from the environment."""

from flask import Flask

from server.app import create_app
from server.config import from_environment
from server.planner import quick


def application() -> Flask:
    """A factory, so that importing this does nothing."""
    quick.make_ready()
    return create_app(from_environment())
