"""A class at work: `python -m benchmarks.classroom [scenario …]`, all of them unless named. Linux.

Starts the app anew for every scenario (or measures one that runs: `--url`, with `--pid` for what it costs), and plays
sixty browsers from this process (see visitor.py). Times are those a visitor waits, from a change to the end of its run
(p50, p95, p99) and until the data it names over HTTP is there too. "CPU" and "MB" are the server's processor time and
what travels to the visitors, each for one change. One process measures: its own share of a core stands below.

    think      every visitor looks about four seconds, then chooses: scene, language, block or page
    together   all choose the same new scene at once; then another
    different  all choose a new scene of their own at once
    cost       as think, on the pages of cost
    restart    as think; in the middle the server is killed and started again
    stalled    as think, beside a visitor who goes on choosing but stops reading
    flood      as think, beside one who sends 200 changes a second
"""

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, field

from websockets.exceptions import ConnectionClosed

from benchmarks.rows import Row, row, table
from benchmarks.served import Served, cpu_seconds, resident
from benchmarks.visitor import Rerun, Visitor

KINDS = ("scene", "language", "block", "page")
COST_PAGES = ("cost", "cost_model", "cost_measured")
FLOOD = 200  # changes a second


@dataclass
class Room:
    """A class: its visitors, and the server if it is ours or its process is known."""

    address: str
    sessions: int = 60
    changes: int = 10
    pause: float = 4.0
    seed: int = 0
    served: Served | None = None
    pid: int | None = None
    visitors: list[Visitor] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def server(self) -> int | None:
        """The number of the server's process."""
        return self.served.pid if self.served else self.pid

    async def open(self, page: str = "attention", pages: Sequence[str] = ()) -> list[Rerun]:
        """All come in within one pause."""
        self.visitors = [Visitor(self.address, self.seed + i, pages) for i in range(self.sessions)]

        async def come(visitor: Visitor) -> Rerun:
            await asyncio.sleep(visitor.random.uniform(0, self.pause))
            return await visitor.open(page)

        return await asyncio.gather(*map(come, self.visitors))

    async def lesson(self, visitor: Visitor, kinds: Sequence[str] = KINDS) -> list[Rerun]:
        """One visitor's changes, each after a while of looking."""
        done = []
        for _ in range(self.changes):
            back = await visitor.rest(self.pause * visitor.random.uniform(0.5, 1.5))
            done += [back] if back else []
            done.append(await visitor.change(visitor.random.choice(kinds)))
        return done

    async def lessons(self, visitors: Iterable[Visitor], kinds: Sequence[str] = KINDS) -> list[Rerun]:
        """The changes of several."""
        return flat(await asyncio.gather(*(self.lesson(visitor, kinds) for visitor in visitors)))

    async def measured(self, name: str, work: Awaitable[list[Rerun]]) -> list[Row]:
        """The rows of some work: the whole, then every kind of change."""
        pid, begun, own = self.server(), time.perf_counter(), time.process_time()
        before = cpu_seconds(pid) if pid else 0.0
        done = await work
        share = (time.process_time() - own) / (time.perf_counter() - begun)
        self.notes += [f"{name}: {100 * share:.0f} % of a core for measuring"]
        self.notes += [f"{name}: {fault}" for fault in sorted({rerun.fault for rerun in done if rerun.fault})]
        same = pid is not None and pid == self.server()
        cpu = 1e3 * (cpu_seconds(pid) - before) / len(done) if same else None
        kinds = sorted({rerun.kind for rerun in done})
        rows = [row(f"{name}: {kind}", len(self.visitors), [r for r in done if r.kind == kind]) for kind in kinds]
        whole = row(name, len(self.visitors), done, cpu, resident(self.server()) if self.server() else None)
        return [whole, *rows] if len(rows) > 1 else [whole]


def flat(lists: Iterable[list[Rerun]]) -> list[Rerun]:
    return [rerun for each in lists for rerun in each]


async def think(room: Room) -> list[Row]:
    rows = await room.measured("opening", room.open())
    return rows + await room.measured("think", room.lessons(room.visitors))


async def together(room: Room) -> list[Row]:
    await room.open()
    rows = []
    for number in (1_000_123_456, 1_000_654_321):
        await asyncio.sleep(room.pause)
        rows += await room.measured("together", at_once(room, [number] * room.sessions))
    return rows


async def different(room: Room) -> list[Row]:
    await room.open()
    await asyncio.sleep(room.pause)
    return await room.measured("different", at_once(room, [1_000_100_000 + i for i in range(room.sessions)]))


async def at_once(room: Room, numbers: list[int]) -> list[Rerun]:
    """Every visitor chooses a scene, all in the same moment."""
    pairs = zip(room.visitors, numbers, strict=True)
    return await asyncio.gather(*(visitor.change("scene", number) for visitor, number in pairs))


async def cost(room: Room) -> list[Row]:
    await room.open("cost", COST_PAGES)
    return await room.measured("cost", room.lessons(room.visitors, ("language", "block", "page")))


async def restart(room: Room) -> list[Row]:
    await room.open()

    async def power_cut() -> list[Rerun]:
        await asyncio.sleep(room.changes * room.pause / 2)
        room.served.kill()
        room.served.start()
        return []

    async def both() -> list[Rerun]:
        return flat(await asyncio.gather(room.lessons(room.visitors), power_cut()))

    return await room.measured("restart", both())


async def stalled(room: Room) -> list[Row]:
    await room.open()
    odd, *others = room.visitors
    odd.socket.transport.pause_reading()
    choosing = asyncio.create_task(_choose(odd, room.pause))
    rows = await room.measured("stalled", room.lessons(others))
    choosing.cancel()
    odd.socket.transport.resume_reading()
    left = "was not let go"
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            left = await _drain(odd)
    room.notes.append(f"stalled: who stopped reading {left}")
    return rows


async def flood(room: Room) -> list[Row]:
    await room.open()
    odd, *others = room.visitors
    tasks = [asyncio.create_task(_choose(odd, 1 / FLOOD)), asyncio.create_task(_drain(odd))]
    before = odd.messages["script_finished"]
    rows = await room.measured("flood", room.lessons(others))
    for task in tasks:
        task.cancel()
    room.notes.append(f"flood: {odd.messages['script_finished'] - before} of the flood's runs were reported as ended")
    return rows


async def _choose(visitor: Visitor, pause: float) -> None:
    """New scenes without waiting for an answer, until it is cancelled or sent away."""
    with suppress(ConnectionClosed):
        while True:
            visitor.choose_scene()
            await visitor.send()
            await asyncio.sleep(pause)


async def _drain(visitor: Visitor) -> str:
    """Read what comes, until it is cancelled or sent away."""
    try:
        while True:
            await visitor.receive()
    except ConnectionClosed as end:
        return f"was sent away ({end.rcvd.code if end.rcvd else 'no goodbye'})"


SCENARIOS: dict[str, Callable[[Room], Awaitable[list[Row]]]] = {
    each.__name__: each for each in (think, together, different, cost, restart, stalled, flood)
}


async def played(name: str, room: Room) -> list[Row]:
    """One scenario from opening to closing."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64))  # a thread for each HTTP request
    rows = await SCENARIOS[name](room)
    await asyncio.gather(*(visitor.close() for visitor in room.visitors))
    if room.served:
        room.notes.append(f"{name}: {room.served.tracebacks()} tracebacks in {room.served.log}")
    return rows


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help=", ".join(SCENARIOS))
    parser.add_argument("--url", help="an app that runs (restart needs its own)")
    parser.add_argument("--pid", type=int, help="the process of that app, to know what it costs")
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--changes", type=int, default=10, help="per visitor")
    parser.add_argument("--pause", type=float, default=4.0, help="seconds of looking, ± half")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    found = parser.parse_args()
    wrong = set(found.scenarios) - set(SCENARIOS)
    if wrong or (found.url and "restart" in found.scenarios):
        parser.error(f"no such scenario: {', '.join(sorted(wrong))}" if wrong else "restart needs a server of its own")
    found.scenarios = found.scenarios or [name for name in SCENARIOS if not (found.url and name == "restart")]
    return found


def main() -> None:
    asked = options()
    rows, notes = [], []
    for name in asked.scenarios:
        with nullcontext() if asked.url else Served() as served:
            room = Room(asked.url or served.address, asked.sessions, asked.changes, asked.pause, asked.seed, served)
            room.pid = asked.pid
            rows += asyncio.run(played(name, room))
            notes += room.notes
    if asked.json:
        print(json.dumps({"rows": [asdict(each) for each in rows], "notes": notes}, ensure_ascii=False, indent=1))
    else:
        print(table(rows), *notes, sep="\n")


if __name__ == "__main__":
    main()
