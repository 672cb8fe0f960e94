"""The benchmarks' browser without a screen sees what a browser sees. A class of three; nothing is timed."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from benchmarks.classroom import COST_PAGES, Room, played
from benchmarks.rows import quantile, table
from benchmarks.soak import OWN, upload
from benchmarks.visitor import Visitor
from swin_viz.app.components import ATTENTION, CODE, PAIRS

Value = TypeVar("Value")


def alone(work: Coroutine[Any, Any, Value]) -> Value:
    """Run it in a thread of its own: where this worker has driven a browser, a loop runs in this one already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def with_visitor(server: str, work: Callable[[Visitor], Awaitable[object]]) -> Visitor:
    """Open Attention, do some work, close."""

    async def visit() -> Visitor:
        visitor = Visitor(server, seed=1)
        opened = await visitor.open()
        assert not opened.fault and opened.bytes > 0
        await work(visitor)
        await visitor.close()
        return visitor

    return alone(visit())


@pytest.mark.parametrize(("name", "measured"), [("think", 3 + 3 * 2), ("together", 3 + 3), ("cost", 3 * 2)])
def test_three_visitors_finish_all_their_changes(server: str, name: str, measured: int):
    room = Room(server, sessions=3, changes=2, pause=0.2)
    rows = alone(played(name, room))
    whole = [row for row in rows if ":" not in row.name]
    assert sum(row.errors for row in rows) == 0, room.notes
    assert sum(row.reruns for row in whole) == measured
    for row in whole:
        assert row.mb > 0
        assert 0 < row.p50 <= row.p95 <= row.p99
        assert row.p95 <= row.data_p95
        assert row.name in table(rows)


def test_a_message_that_the_browser_has_is_named_and_not_sent_again(server: str):
    async def look(visitor: Visitor) -> None:
        done = [await visitor.change("block") for _ in range(2)]
        assert not any(each.fault for each in done)
        assert visitor.messages["ref_hash"] == 2
        assert max(each.bytes for each in done) < 50_000

    with_visitor(server, look)


def test_a_browser_fetches_the_code_of_a_component_once(server: str):
    async def look(visitor: Visitor) -> None:
        (code,) = visitor.screen.component.urls
        assert code == f"code/{CODE[ATTENTION].name}"
        before = visitor.received
        assert await visitor.http.fetch(code) == 0  # it is here
        done = [await visitor.change(kind) for kind in ("language", "block")]
        assert not any(each.fault for each in done)
        assert visitor.received - before < 300_000
        await visitor.change("page", "pairs")
        assert visitor.screen.component.urls == (f"code/{CODE[PAIRS].name}",)

    with_visitor(server, look)


def test_choices_stay_on_every_page_and_stand_in_the_address(server: str):
    async def choose(visitor: Visitor) -> None:
        await visitor.change("scene", 1_000_000_007)
        await visitor.change("language")
        for page in ("pairs", "mask", *COST_PAGES):
            done = await visitor.change("page", page)
            assert not done.fault
            assert visitor.screen.widget("seed").double_value == 1_000_000_007
            assert "seed=1000000007" in visitor.screen.query
            assert "lang=zh" in visitor.screen.query

    with_visitor(server, choose)


def test_a_connection_that_goes_comes_back_with_every_choice(server: str):
    async def lose(visitor: Visitor) -> None:
        await visitor.change("scene", 1_000_000_008)
        await visitor.socket.close()
        back = await visitor.rest(60)
        assert back is not None and back.kind == "back" and not back.fault
        assert visitor.screen.widget("seed").double_value == 1_000_000_008

    with_visitor(server, lose)


def test_photographs_are_uploaded_one_after_another(server: str):
    async def send(visitor: Visitor) -> None:
        visitor.screen.widget("image").string_value = OWN
        await visitor.rerun("image")
        done = [await upload(visitor, seed) for seed in range(2)]
        assert not any(each.fault for each in done), done
        assert "seed" not in visitor.screen.query  # the picture is no scene any more
        assert all(each.bytes > 0 for each in done)

    with_visitor(server, send)


def test_quantiles_are_values_that_were_measured():
    ordered = [float(value) for value in range(1, 101)]
    assert [quantile(ordered, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert quantile([7.0], 0.5) == 7
    assert all(quantile(ordered, a) <= quantile(ordered, b) for a, b in pairwise((0.1, 0.5, 0.9)))
