"""Files and functions stay short enough to be read at one go."""

from statistics import median

from tests.architecture.source import ROOMS, ROOT, Function, modules

LONGEST_FILE = 300
MEDIAN_FILE = 100
LONGEST_FUNCTION = 40
SHORT_FUNCTION = 10
SHARE_OF_SHORT_FUNCTIONS = 0.75

# Written by hand as Python is, and as hard to follow when long.
ALSO_CODE = (".kv", ".html", ".css", ".js")


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    own_files = [
        file
        for room in ROOMS
        for file in (ROOT / room).rglob("*")
        if file.suffix in (".py", *ALSO_CODE) and "vendor" not in file.parts
    ]
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in own_files
    }

    too_long = [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > LONGEST_FILE]

    assert not too_long, _list("Find the second noun in each and give it a file.", too_long)


def test_half_of_all_files_are_shorter_than_a_hundred_lines() -> None:
    # Files that only say what a folder is would flatter the figure.
    lengths = {m.path: m.lines for m in modules() if not m.path.endswith("__init__.py")}

    longest = sorted(lengths, key=lengths.__getitem__, reverse=True)[:10]

    assert median(lengths.values()) < MEDIAN_FILE, _list(
        f"Half of all files are longer than {median(lengths.values())} lines. Begin with these.",
        [f"{path}: {lengths[path]} lines" for path in longest],
    )


def test_no_function_is_longer_than_forty_lines() -> None:
    too_long = [
        f"{path}:{function.lineno} {function.name}: {_length(function)} lines"
        for path, function in _functions()
        if _length(function) > LONGEST_FUNCTION
    ]

    assert not too_long, _list("Give a name to a part of each and take it out.", too_long)


def test_three_functions_of_four_fit_in_ten_lines() -> None:
    lengths = [_length(function) for _, function in _functions()]

    short = sum(length <= SHORT_FUNCTION for length in lengths) / len(lengths)

    assert short >= SHARE_OF_SHORT_FUNCTIONS, _list(
        f"Only {short:.1%} of {len(lengths)} functions fit in ten lines. Rooms that pull it down:",
        _shares_by_room(),
    )


def _shares_by_room() -> list[str]:
    rooms: dict[str, list[bool]] = {}
    for path, function in _functions():
        room = path.rpartition("/")[0]
        rooms.setdefault(room, []).append(_length(function) <= SHORT_FUNCTION)
    shares = sorted((sum(short) / len(short), room) for room, short in rooms.items())
    return [f"{room}: {share:.0%}" for share, room in shares if share < SHARE_OF_SHORT_FUNCTIONS]


def _functions() -> list[tuple[str, Function]]:
    return [(module.path, function) for module in modules() for function in module.functions]


def _length(function: Function) -> int:
    return function.end_lineno - function.lineno + 1


def _list(rule: str, found: list[str]) -> str:
    return "\n  ".join((rule, *found))
