"""Puts what the phone needs into build/phone: mobile/, of shared/ only what it imports, main.py."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ("__init__.py", "diary.py", "problems.py", "routes.py")
BEGIN = '''"""Where the packaged app begins."""

from mobile.start import run

run()
'''


def stage(target: Path) -> None:
    """A folder that buildozer can take; what was there before goes."""
    shutil.rmtree(target, ignore_errors=True)
    skip = shutil.ignore_patterns("__pycache__", "__main__.py")
    shutil.copytree(ROOT / "mobile", target / "mobile", ignore=skip)
    (target / "shared").mkdir()
    for name in SHARED:
        shutil.copyfile(ROOT / "shared" / name, target / "shared" / name)
    (target / "main.py").write_text(BEGIN, encoding="utf-8")


if __name__ == "__main__":
    stage(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "phone")
