import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.services.clinic import spreadsheets
from server.services.clinic.spreadsheets import LONGEST_CELL, MOST_BYTES, MOST_ROWS, UnreadableTable

COLUMNS = ("name", "phone", "note")


def read(text: str) -> list[dict[str, str]]:
    lines = spreadsheets.read(text, needed=("name",), allowed=COLUMNS)
    return [dict(line.cells) for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("name,phone\nAna,1\n", id="commas"),
        pytest.param("name;phone\r\nAna;1\r\n", id="semicolons, as in Europe"),
        pytest.param("name\tphone\rAna\t1\r", id="tabs, as on an old Mac"),
        pytest.param("\ufeffname,phone\nAna,1", id="byte order mark, no last line end"),
        pytest.param(' Name , PHONE \n "Ana",1'.replace(' "', '"'), id="spaces and capitals"),
        pytest.param("phone,name\n1,Ana\n\n,\n", id="other order, empty rows"),
    ],
)
def test_every_spelling_of_a_table_is_read(text: str) -> None:
    assert read(text) == [{"name": "Ana", "phone": "1"}]


def test_a_cell_may_hold_quotes_commas_and_line_ends() -> None:
    assert read('name,note\n"O""Hara, Ana","two\nlines"\nBo,\n') == [
        {"name": 'O"Hara, Ana', "note": "two\nlines"},
        {"name": "Bo", "note": ""},
    ]


def test_rows_count_as_a_spreadsheet_counts_them() -> None:
    lines = spreadsheets.read('name\n"a\nb"\n\nc\n', needed=("name",), allowed=COLUMNS)

    assert [line.row for line in lines] == [2, 4]


@pytest.mark.parametrize(
    ("text", "row", "column", "says"),
    [
        pytest.param("", 1, "name", "missing", id="nothing at all"),
        pytest.param("phone\n1", 1, "name", "missing", id="a column missing"),
        pytest.param("name,shoe\nAna,1", 1, "shoe", "no such column", id="a column unknown"),
        pytest.param("name,name\nAna,1", 1, "name", "twice", id="a column twice"),
        pytest.param("name,\nAna,1", 1, "", "no such column", id="a column without a name"),
        pytest.param("name,phone\nAna", 2, "", "1 cells", id="a cell missing"),
        pytest.param("name\nAna\nBo,1", 3, "", "2 cells", id="a cell too many"),
        pytest.param('name\nAna\n"Bo', 3, "", "quotation mark", id="a quote left open"),
        pytest.param('name\n"Bo"x', 2, "", "quotation mark", id="a quote inside"),
        pytest.param("name\nAna\nB\0o", 3, "", "NUL", id="a NUL"),
        pytest.param("name\n\ud800", 1, "", "not text", id="half a character"),
        pytest.param(
            "name\n" + "x" * (LONGEST_CELL + 1), 2, "name", "longer than", id="a long cell"
        ),
        pytest.param("name\n" + "x" * 200_000, 2, "", "far too long", id="a very long cell"),
        pytest.param("name\n" + "x\n" * (MOST_ROWS + 1), 1, "", "split", id="too many rows"),
        pytest.param("n" * (MOST_BYTES + 1), 1, "", "split", id="too many bytes"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(
    text: str, row: int, column: str, says: str
) -> None:
    with pytest.raises(UnreadableTable) as refusal:
        read(text)

    faults = [(each.row, each.column) for each in refusal.value.faults]
    assert (row, column) in faults
    assert any(says in each.reason for each in refusal.value.faults)


def test_every_bad_row_is_named_not_just_the_first() -> None:
    with pytest.raises(UnreadableTable) as refusal:
        read("name\na,b\nc\nd,e\n")

    assert [each.row for each in refusal.value.faults] == [2, 4]


@pytest.mark.parametrize("cell", ["=1+1", "+1 555", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_looks_like_a_formula_is_written_as_text(cell: str) -> None:
    table = spreadsheets.write(("name",), [(cell,)])

    assert f"'{cell}" in table
    assert read(table) == [{"name": cell.strip()}] or cell[0].isspace()


@given(
    st.lists(
        st.tuples(
            *[st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)] * 3
        )
    )
)
def test_what_is_written_is_read_back(rows) -> None:
    kept = [row for row in rows if any(cell.strip() for cell in row)]

    table = spreadsheets.write(COLUMNS, rows)

    read_back = [tuple(each.values()) for each in read(table)]
    plain = [tuple(spreadsheets._plain(cell) for cell in row) for row in kept]
    assert read_back == plain


@given(st.text(max_size=300))
def test_any_text_is_a_table_or_says_what_is_wrong(text: str) -> None:
    faults: tuple[object, ...] | None = None
    try:
        read(text)
    except UnreadableTable as refusal:
        faults = refusal.faults
    assert faults != ()
