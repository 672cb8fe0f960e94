"""What travels: a message and its inverse, and parts by names that nobody can guess."""

import gzip
import subprocess
import sys
import threading

import numpy as np
import pytest

from swin_viz.engine.parts import Part, Parts, encoded, pack, unpack


class Owner:
    """Stands for a run."""

    def __init__(self, value: int) -> None:
        self.value = value


def arrays_of(owner: Owner) -> dict[str, np.ndarray]:
    return {"probs": np.full((3, 5), owner.value, np.uint16)}


def decoded(body: bytes) -> dict[str, np.ndarray]:
    return unpack(gzip.decompress(body))[1]


def test_byte_planes_come_back_as_they_went() -> None:
    rng = np.random.default_rng(0)
    wanted = {
        "u2": rng.integers(0, 65536, (7, 3, 5), dtype=np.uint16),
        "f4": rng.random((4, 9), dtype=np.float32),
        "u1": rng.integers(0, 256, 11, dtype=np.uint8),
        "u4": rng.integers(0, 2**32, (3, 5), dtype=np.uint32),
        "f8": rng.random(3),
        "none": np.zeros((0, 4), np.uint16),
    }
    for planes in (False, True):
        header, found = unpack(pack({"a": 1}, wanted, planes))
        assert header["a"] == 1
        assert header["arrays"]["u2"][0] == ("pu2" if planes else "u2")
        for name, array in wanted.items():
            np.testing.assert_array_equal(found[name], array)
            assert found[name].dtype == array.dtype


@pytest.mark.parametrize("kind", ["attention", "repeated", "photo"])
def test_a_body_is_no_larger_than_plain_gzip_makes_it(kind: str) -> None:
    rng = np.random.default_rng(0)
    array = {
        "attention": (65535 * rng.dirichlet(np.full(49, 0.2), 2000)).astype(np.uint16),
        "repeated": np.arange(20000, dtype=np.uint32) % 50,
        "photo": rng.integers(0, 256, (50, 50, 3), dtype=np.uint8),
    }[kind]
    body = encoded({"array": array})
    np.testing.assert_array_equal(decoded(body)["array"], array)
    assert len(body) <= len(gzip.compress(array.tobytes(), 1)) + 200  # and the header


def test_a_part_is_made_once_whoever_asks() -> None:
    made, parts, owner = [], Parts(10**6), Owner(7)

    def make(each: Owner) -> dict[str, np.ndarray]:
        made.append(each)
        threading.Event().wait(0.05)
        return arrays_of(each)

    name = parts.offer(Part(("run", 1), make, owner))
    bodies: list[bytes] = []
    threads = [threading.Thread(target=lambda: bodies.append(parts.body(name))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [owner]
    assert len(set(bodies)) == 1
    np.testing.assert_array_equal(decoded(bodies[0])["probs"], np.full((3, 5), 7))


def test_what_was_never_offered_or_is_gone_is_not_there() -> None:
    parts = Parts(10**6)
    with pytest.raises(KeyError):
        parts.body("0" * 32)
    owner = Owner(1)
    name = parts.offer(Part(("run", 2), arrays_of, owner))
    del owner  # the run was evicted before anyone asked
    with pytest.raises(KeyError):
        parts.body(name)
    again = Owner(2)
    assert parts.offer(Part(("run", 2), arrays_of, again)) == name
    assert decoded(parts.body(name))["probs"][0, 0] == 2


def test_an_evicted_part_comes_back_when_it_is_offered_again() -> None:
    big = {"a": np.random.default_rng(0).integers(0, 2**32, 2000, dtype=np.uint32)}
    parts = Parts(len(encoded(big)) + 100)
    first = parts.offer(Part(("first",), lambda _: big))
    parts.offer(Part(("second",), lambda _: {"b": big["a"][::-1]}))
    with pytest.raises(KeyError):
        parts.body(first)
    assert parts.offer(Part(("first",), lambda _: big)) == first
    assert decoded(parts.body(first))["a"].tolist() == big["a"].tolist()
    assert parts.nbytes <= len(encoded(big)) + 100


def test_names_need_the_secret_of_the_process_but_what_is_shared_is_named_by_its_content() -> None:
    program = """
import numpy as np
from swin_viz.engine.parts import Part, Parts
parts = Parts(10**6)
made = lambda _: {"a": np.arange(5)}
print(parts.offer(Part(("picture", 1), made)), parts.offer(Part(("map", 1), made, public=True)))
"""
    printed = [subprocess.check_output([sys.executable, "-c", program], text=True).split() for _ in range(2)]
    (own, shared), (other, again) = printed
    assert own != other
    assert shared == again
    assert len(own) == len(shared) == 32
