"""One version of a protocol: read, reviewed, published, signed, activated, retired."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from server.api.asking import caller, if_match, utc_now
from server.api.blueprint import ApiBlueprint
from server.services.protocols import protocol_editions, protocol_reviews, protocols
from shared.schemas.protocols import (
    DifferencesOut,
    DifferencesQuery,
    DraftIn,
    FaultOut,
    FaultsQuery,
    FillsIn,
    SafetyFieldOut,
    VersionOut,
)

blp = ApiBlueprint("protocol-versions", description="Editions of a protocol, draft to retired.")
YAML = "application/yaml"
Sent = Mapping[str, Any]


@blp.route("/protocol-versions/<id:version_id>", methods=["GET"])
@blp.action("protocols.read", operation="readVersion")
@blp.response(200, VersionOut)
def read(version_id: str) -> Any:
    """One version with its document."""
    return protocols.version(caller(), version_id)


@blp.route("/protocol-versions/<id:version_id>", methods=["PUT"])
@blp.action("protocols.write", operation="replaceDraft", if_match=True, also=(409,))
@blp.arguments(DraftIn)
@blp.response(200, VersionOut)
def replace(sent: Sent, version_id: str) -> Any:
    """Write a draft anew; a published version never changes."""
    seen = if_match()
    return protocols.replace(
        caller(), version_id, sent["document"], expected_version=seen, now=utc_now()
    )


@blp.route("/protocol-versions/<id:version_id>/yaml", methods=["GET"])
@blp.action("protocols.read", operation="exportVersion")
@blp.response(200, {"type": "object"}, content_type=YAML)
def as_yaml(version_id: str) -> Any:
    """Its document as YAML, fit to be edited and sent back."""
    return Response(protocol_reviews.as_yaml(caller(), version_id), content_type=YAML)


@blp.route("/protocol-versions/<id:version_id>/faults", methods=["GET"])
@blp.action("protocols.read", operation="lintVersion")
@blp.arguments(FaultsQuery, location="query")
@blp.response(200, FaultOut(many=True))
def faults(wanted: Sent, version_id: str) -> Any:
    """Everything impossible or unsafe in it, with its place in the document."""
    return protocol_reviews.faults(caller(), version_id, **wanted)


@blp.route("/protocol-versions/<id:version_id>/obstacles", methods=["GET"])
@blp.action("protocols.read", operation="listObstacles")
@blp.response(200, FaultOut(many=True))
def obstacles(version_id: str) -> Any:
    """All that keeps the clinic from activating it; none when nothing does."""
    return protocol_reviews.against_activation(caller(), version_id)


@blp.route("/protocol-versions/<id:version_id>/open-fields", methods=["GET"])
@blp.action("protocols.read", operation="listOpenFields")
@blp.response(200, SafetyFieldOut(many=True))
def open_fields(version_id: str) -> Any:
    """Safety fields that a prescriber has yet to fill or confirm, and sign."""
    return protocol_reviews.open_fields(caller(), version_id)


@blp.route("/protocol-versions/<id:version_id>/differences", methods=["GET"])
@blp.action("protocols.read", operation="compareVersions")
@blp.arguments(DifferencesQuery, location="query")
@blp.response(200, DifferencesOut)
def differences(wanted: Sent, version_id: str) -> Any:
    """What it says otherwise than the version given as `since`, in words."""
    return {"differences": protocol_reviews.differences(caller(), wanted["since"], version_id)}


@blp.route("/protocol-versions/<id:version_id>/publish", methods=["POST"])
@blp.action("protocols.publish", operation="publishVersion", if_match=True, also=(409, 422))
@blp.once
@blp.response(200, VersionOut)
def publish(version_id: str) -> Any:
    """Freeze a draft for good."""
    seen = if_match()
    return protocol_editions.publish(caller(), version_id, expected_version=seen, now=utc_now())


@blp.route("/protocol-versions/<id:version_id>/sign", methods=["POST"])
@blp.action("protocols.sign", operation="signVersion", if_match=True, also=(409,))
@blp.once
@blp.arguments(FillsIn)
@blp.response(200, VersionOut)
def sign(sent: Sent, version_id: str) -> Any:
    """Fill and sign safety fields. The reply is the version that holds them: the same one where
    it is a draft, the next one, published, where this one is published."""
    seen = if_match()
    return protocol_editions.sign(
        caller(), version_id, sent["fills"], expected_version=seen, now=utc_now()
    )


@blp.route("/protocol-versions/<id:version_id>/activate", methods=["POST"])
@blp.action("protocols.publish", operation="activateVersion", if_match=True, also=(409, 422))
@blp.once
@blp.response(200, VersionOut)
def activate(version_id: str) -> Any:
    """Let new series start on it, in place of the version before."""
    seen = if_match()
    return protocol_editions.activate(caller(), version_id, expected_version=seen, now=utc_now())


@blp.route("/protocol-versions/<id:version_id>/retire", methods=["POST"])
@blp.action("protocols.publish", operation="retireVersion", if_match=True, also=(409,))
@blp.once
@blp.response(200, VersionOut)
def retire(version_id: str) -> Any:
    """No new series start on it; those that run stay."""
    seen = if_match()
    return protocol_editions.retire(caller(), version_id, expected_version=seen, now=utc_now())
