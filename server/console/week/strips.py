"""A day as a bar: hatched where closed, as high as what is taken. It repeats what the text beside
it says, so no reader needs it. Drawn here, for a week has a hundred of them."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from server.console.week.loads import Load

BEGINS = '<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'


def drawn(strip: Iterable[Load], span: tuple[int, int]) -> Markup:
    """The bar of one day from the first to the last minute shown."""
    return Markup("".join((BEGINS, *_rectangles(strip, span), "</svg>")))  # noqa: S704  (numbers)


def _rectangles(strip: Iterable[Load], span: tuple[int, int]) -> Iterator[str]:
    first, last = span
    scale = 100 / (last - first)
    for load in strip:
        if load.end <= first or load.start >= last:
            continue
        begins = max(load.start, first)
        x = round((begins - first) * scale, 2)
        width = round((min(load.end, last) - begins) * scale, 2)
        if not load.capacity:
            yield f'<rect x="{x}" width="{width}" height="10" fill="url(#hatch)"/>'
        if load.taken:
            full = " full" if load.taken >= load.capacity else ""
            height = round(min(10 * load.taken / max(load.capacity, load.taken, 1), 10), 2)
            size = f'y="{10 - height}" width="{width}" height="{height}"'
            yield f'<rect class="taken{full}" x="{x}" {size}/>'
