"""Where a file goes that the patient takes along: out of the locked app, to where they find it."""

import os
from pathlib import Path
from typing import Protocol


class Saver(Protocol):
    """Puts a file where other programs can open it."""

    def save(self, name: str, kind: str, content: bytes) -> str:
        """What it is called there. Raises OSError."""


class FolderSaver:
    """A folder on a computer; a file that is there already stays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, name: str, kind: str, content: bytes) -> str:  # noqa: ARG002
        """Under this name, or with a number behind it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        wanted, number = self._folder / name, 1
        while True:
            try:
                with wanted.open("xb") as file:
                    file.write(content)
                return wanted.name
            except FileExistsError:
                number += 1
                wanted = self._folder / f"{Path(name).stem}-{number}{Path(name).suffix}"


class AndroidSaver:
    """The telephone's Downloads, then whatever opens such a file, such as the calendar.

    Written by the platform's documentation and never run: nobody has built the package yet.
    """

    def save(self, name: str, kind: str, content: bytes) -> str:
        """The system finds another name where this one is taken."""
        from jnius import JavaException, autoclass

        try:
            activity = autoclass("org.kivy.android.PythonActivity").mActivity
            values = autoclass("android.content.ContentValues")()
            values.put("_display_name", name)
            values.put("mime_type", kind)
            downloads = autoclass("android.provider.MediaStore$Downloads").EXTERNAL_CONTENT_URI
            place = activity.getContentResolver().insert(downloads, values)
            stream = activity.getContentResolver().openOutputStream(place)
            stream.write(content)
            stream.close()
            intents = autoclass("android.content.Intent")
            opening = intents(intents.ACTION_VIEW)
            opening.setDataAndType(place, kind)
            opening.addFlags(intents.FLAG_GRANT_READ_URI_PERMISSION)
            activity.startActivity(opening)
        except JavaException as error:
            raise OSError("the telephone did not take the file") from error
        return name


def fitting() -> Saver:
    """The one for this machine."""
    if "ANDROID_ARGUMENT" in os.environ:
        return AndroidSaver()
    return FolderSaver(Path.home() / "Downloads")
