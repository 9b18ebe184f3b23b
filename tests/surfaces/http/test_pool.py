"""Connections that are kept for the next request."""

import sqlite3

import pytest

from bestfix.surfaces.http.databases.pool import Pool


class Engine:
    dialect = "sqlite"

    def connect(self):
        return sqlite3.connect(":memory:", check_same_thread=False)

    def is_alive(self, connection):
        return True


def borrowed(pool, *, failing=False):
    with pool.database() as database:
        yield database
        if failing:
            raise ValueError("lost")
        yield database


def test_a_connection_is_kept_for_the_next_request_also_when_only_the_first_answer_was_wanted():
    pool = Pool(Engine())
    first = borrowed(pool)
    database = next(first)
    first.close()
    assert list(borrowed(pool)) == [database, database]
    pool.close()


def test_a_connection_on_which_something_went_wrong_is_not_lent_again():
    pool = Pool(Engine())
    failing = borrowed(pool, failing=True)
    database = next(failing)
    with pytest.raises(ValueError, match="lost"):
        next(failing)
    assert next(borrowed(pool)) is not database
    pool.close()
