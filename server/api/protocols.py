"""The library's drafts, and the clinic's protocols."""

from collections.abc import Mapping
from typing import Any

from server.api.asking import caller, utc_now
from server.api.blueprint import ApiBlueprint
from server.api.paging import Page
from server.services.protocols import protocols
from shared.schemas.protocols import (
    DocumentOut,
    DraftIn,
    LibraryDraftOut,
    ProtocolOut,
    VersionListedOut,
    VersionOut,
)

blp = ApiBlueprint("protocols", description="Treatment protocols, taken over or written.")
Sent = Mapping[str, Any]


@blp.route("/library", methods=["GET"])
@blp.action("protocols.read", operation="listLibrary")
@blp.response(200, LibraryDraftOut(many=True))
def library() -> Any:
    """Published protocols that ship as drafts, each with its sources."""
    return protocols.library(caller())


@blp.route("/library/<string:code>", methods=["GET"])
@blp.action("protocols.read", operation="readLibraryDraft", also=(404,))
@blp.response(200, DocumentOut)
def library_draft(code: str) -> Any:
    """One of them, whole."""
    return {"document": protocols.library_draft(caller(), code)}


@blp.route("/library/<string:code>/adopt", methods=["POST"])
@blp.action("protocols.write", operation="adoptDraft", also=(404, 409))
@blp.once
@blp.response(201, VersionOut)
def adopt(code: str) -> Any:
    """Take a draft over as the clinic's own."""
    return protocols.adopt(caller(), code, now=utc_now())


@blp.route("/protocols", methods=["GET"])
@blp.action("protocols.read", operation="listProtocols")
@blp.paged(ProtocolOut)
def listed(page: Page) -> Any:
    """The clinic's protocols, by title."""
    return protocols.protocols(caller(), page=page.number, page_size=page.size)


@blp.route("/protocols", methods=["POST"])
@blp.action("protocols.write", operation="createProtocol", also=(409,))
@blp.once
@blp.arguments(DraftIn)
@blp.response(201, VersionOut)
def create(sent: Sent) -> Any:
    """Write a protocol; every fault of its document is named with its place."""
    return protocols.create(caller(), sent["document"], now=utc_now())


@blp.route("/protocols/<id:protocol_id>", methods=["GET"])
@blp.action("protocols.read", operation="readProtocol")
@blp.response(200, ProtocolOut)
def read(protocol_id: str) -> Any:
    """One protocol."""
    return protocols.protocol(caller(), protocol_id)


@blp.route("/protocols/<id:protocol_id>/versions", methods=["GET"])
@blp.action("protocols.read", operation="listVersions")
@blp.response(200, VersionListedOut(many=True))
def versions(protocol_id: str) -> Any:
    """Its versions, the newest first."""
    return protocols.versions(caller(), protocol_id)


@blp.route("/protocols/<id:protocol_id>/versions", methods=["POST"])
@blp.action("protocols.write", operation="addVersion")
@blp.once
@blp.arguments(DraftIn)
@blp.response(201, VersionOut)
def add_version(sent: Sent, protocol_id: str) -> Any:
    """Write its next version; those before it stay as they are."""
    return protocols.add_version(caller(), protocol_id, sent["document"], now=utc_now())
