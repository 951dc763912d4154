"""An address as a picture that a telephone's camera reads, made here and drawn by nobody else."""

import segno


def picture(address: str) -> str:
    """The picture as SVG to stand inside a page."""
    made = segno.make(address, error="m", micro=False)
    return str(
        made.svg_inline(scale=5, border=4, svgclass=None, lineclass=None, dark="#000", light="#fff")
    )
