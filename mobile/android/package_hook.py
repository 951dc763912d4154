"""Tells the packager of the class that shows reminders: it must stand in the app's manifest."""

from pathlib import Path
from typing import Any

RECEIVER = '<receiver android:name="org.tandem.Reminder" android:exported="false" />'
END = "</application>"


def before_apk_assemble(toolchain: Any) -> None:
    """Called by python-for-android once the manifest was written, before it is packed."""
    manifest = Path(toolchain._dist.dist_dir) / "src" / "main" / "AndroidManifest.xml"
    text = manifest.read_text(encoding="utf-8")
    if RECEIVER not in text:
        manifest.write_text(text.replace(END, f"    {RECEIVER}\n    {END}"), encoding="utf-8")
