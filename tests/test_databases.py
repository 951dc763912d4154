"""The databases that tests are given are fresh, real and the same in both kinds."""

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture
def engine(database_url: str) -> "Iterator[Engine]":
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_commits_the_next_does_not_see(engine: Engine, turn: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (turn TEXT)"))
        connection.execute(text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})

    with engine.connect() as connection:
        assert connection.execute(text("SELECT turn FROM left_behind")).all() == [(turn,)]


def test_several_connections_see_each_others_commits(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT)"))

    def say() -> None:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO said VALUES ('hello')"))

    speakers = [threading.Thread(target=say) for _ in range(4)]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM said")).scalar() == 4


def test_both_kinds_of_database_have_the_same_tables(sqlite_url: str, postgres_url: str) -> None:
    assert _tables(sqlite_url) == _tables(postgres_url) != set()


def test_a_database_that_no_migration_has_touched_is_empty(empty_database_url: str) -> None:
    assert _tables(empty_database_url) == set()


def test_the_application_stands_on_the_database_it_is_given(
    app: "Flask", database_url: str
) -> None:
    from server.persistence.database import db

    assert db.engine.url.render_as_string(hide_password=False) == database_url


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()
