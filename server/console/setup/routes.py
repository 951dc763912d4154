"""The addresses of the clinic's set-up."""

from flask import Blueprint

from server.console.setup import house, on_call, people, places, texts


def attend(console: Blueprint) -> None:
    """Add them to the console."""
    add = console.add_url_rule
    user, treats = "/clinic/people/<id:user_id>", "/clinic/practitioners/<id:practitioner_id>"
    site = "/clinic/sites/<id:site_id>"
    add("/clinic/people", "people", people.show)
    add("/clinic/people", "make_user", people.make_user, methods=["POST"])
    add(user, "change_user", people.change_user, methods=["POST"])
    practitioners = "/clinic/practitioners"
    add(practitioners, "add_practitioner", people.add_practitioner, methods=["POST"])
    add(treats, "change_practitioner", people.change_practitioner, methods=["POST"])
    add("/clinic/on-call", "on_call", on_call.show)
    add("/clinic/on-call", "change_on_call", on_call.change, methods=["POST"])
    add("/clinic/house", "house", house.show)
    add("/clinic/house", "change_house", house.change, methods=["POST"])
    add("/clinic/help-line", "change_help_line", house.change_help_line, methods=["POST"])
    add("/clinic/texts", "texts", texts.show)
    add("/clinic/texts", "change_text", texts.change, methods=["POST"])
    add("/clinic/sites", "places", places.show)
    add("/clinic/sites", "add_site", places.add_site, methods=["POST"])
    add(site, "change_site", places.change_site, methods=["POST"])
    add(f"{site}/closed", "add_holiday", places.add_holiday, methods=["POST"])
    add(f"{site}/open", "remove_holiday", places.remove_holiday, methods=["POST"])
    add("/clinic/bookables", "add_bookable", places.add_bookable, methods=["POST"])
