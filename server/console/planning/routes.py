"""The addresses of planning runs."""

from flask import Blueprint

from server.console.planning import asking, screen


def attend(console: Blueprint) -> None:
    """Add them to the console."""
    add, one = console.add_url_rule, "/planning/<id:run_id>"
    add("/planning", "planning", asking.show)
    add("/planning", "ask_planning", asking.ask, methods=["POST"])
    add(one, "planning_run", screen.show)
    add(f"{one}/progress", "planning_progress", screen.progress)
    add(f"{one}/cancel", "cancel_planning", screen.cancel, methods=["POST"])
    add(f"{one}/restart", "restart_planning", screen.restart, methods=["POST"])
    add(f"{one}/book", "book_planning", screen.book, methods=["POST"])
