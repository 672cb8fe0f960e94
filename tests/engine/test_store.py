"""The store makes each value once and stays within its bytes; the gate admits in order and no more than its places."""

import threading
import time

import pytest

from swin_viz.engine.store import BusyError, Gate, Store


def in_threads(count: int, work) -> list:
    results = [None] * count

    def run(i: int) -> None:
        try:
            results[i] = work(i)
        except BaseException as error:
            results[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_eight_who_ask_at_once_get_one_computation() -> None:
    made = []
    store = Store(100, len)

    def make() -> bytes:
        made.append(1)
        time.sleep(0.1)
        return b"12345"

    assert in_threads(8, lambda _: store.get("key", make)) == [b"12345"] * 8
    assert len(made) == 1


def test_the_store_stays_within_its_bytes_and_forgets_the_least_recently_used() -> None:
    store = Store(100, len)
    for key in range(10):
        store.get(key, lambda: bytes(30))
        store.get(0, lambda: bytes(30))
        assert store.nbytes <= 100
    remade = []
    store.get(0, lambda: remade.append(0) or b"")
    store.get(1, lambda: remade.append(1) or b"")
    assert remade == [1]


def test_a_value_larger_than_the_store_is_returned_and_not_kept() -> None:
    store = Store(10, len)
    assert store.get("key", lambda: bytes(50)) == bytes(50)
    assert store.nbytes == 0


def test_a_fault_reaches_all_who_wait_and_is_not_remembered() -> None:
    store = Store(10, len)

    def fail() -> bytes:
        time.sleep(0.1)
        raise ValueError("no")

    assert all(isinstance(result, ValueError) for result in in_threads(4, lambda _: store.get("key", fail)))
    assert store.get("key", lambda: b"good") == b"good"


def test_a_stopped_maker_does_not_stop_those_who_wait() -> None:
    store = Store(10, len)
    started = threading.Event()

    class Stop(BaseException):
        pass

    def stopped() -> bytes:
        started.set()
        time.sleep(0.1)
        raise Stop

    def work(i: int) -> bytes:
        if i == 0:
            return store.get("key", stopped)
        started.wait(5)
        return store.get("key", lambda: b"good")

    results = in_threads(4, work)
    assert isinstance(results[0], Stop)
    assert results[1:] == [b"good"] * 3


def test_the_gate_admits_no_more_than_its_places() -> None:
    gate = Gate(2, patience=20)
    inside, most = [], []

    def work(i: int) -> None:
        with gate.enter():
            inside.append(i)
            most.append(len(inside))
            time.sleep(0.02)
            inside.remove(i)

    assert in_threads(8, work) == [None] * 8
    assert max(most) == 2


def test_who_waits_hears_the_place_and_gives_up_after_the_patience() -> None:
    gate = Gate(1, patience=0.6)
    heard = []
    with gate.enter(), pytest.raises(BusyError), gate.enter(heard.append):
        pytest.fail("two inside at once")
    assert set(heard) == {1}
    with gate.enter():
        pass  # the one who gave up left the queue


def test_a_visitor_who_leaves_the_queue_does_not_block_it() -> None:
    gate = Gate(1, patience=20)

    class Gone(BaseException):
        pass

    def leave(_: int) -> None:
        raise Gone

    with gate.enter(), pytest.raises(Gone), gate.enter(leave):
        pytest.fail("two inside at once")
    with gate.enter():
        pass
