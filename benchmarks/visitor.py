"""One visitor's browser without its screen: Streamlit's websocket and its HTTP, as the page's own script uses them.

It keeps what a browser keeps: every widget's value (all are sent with every change), the address's query, the hashes
of large messages it still has (the server then sends a name instead), the session's number for a reconnection, the
XSRF cookie, and an HTTP cache of what the server calls immutable. A change ends when the run that it caused has ended
and all that its messages name by URL is there.
"""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from benchmarks.drawn import Drawn, Screen, named, settled
from benchmarks.http_side import HttpSide
from swin_viz.scenes.generate import FIRST_HELD_OUT

PATIENCE = 60  # seconds after which a change counts as failed
_EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN
_GOOD = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_GONE = (ConnectionClosed, InvalidHandshake, OSError)


@dataclass
class Rerun:
    """What one change cost its visitor. `run`: ms until the run had ended; `all`: until its data was there too."""

    kind: str
    run: float = 0.0
    all: float = 0.0
    bytes: int = 0  # of messages and HTTP bodies, as they travel
    fault: str = ""  # empty, or what went wrong


@dataclass
class Kept:
    """A message the browser still has, by its hash: the run of its last use, and what it draws."""

    used: int
    fragment: str
    drawn: Drawn


class Visitor:
    """A browser with the app open. `pages`: those it visits (none: all); `parts`: what to fetch for an element."""

    def __init__(
        self,
        address: str,
        seed: int,
        pages: Sequence[str] = (),
        parts: Callable[[Drawn], Iterable[str]] = named,
    ) -> None:
        self.http = HttpSide(address)
        self.random = random.Random(seed)
        self.pages, self.parts = pages, parts
        self.screen = Screen()
        self.kept: dict[str, Kept] = {}
        self.runs, self.most_age = 0, 2
        self.session = ""
        self.messages: dict[str, int] = {}  # how many came, by type
        self.received = 0
        self.socket: ClientConnection | None = None
        self._fetching: list[asyncio.Task[int]] = []

    async def open(self, page: str = "attention") -> Rerun:
        """Open a page of that part of the address ("": the first one)."""
        await self.connect()
        return await self.rerun("open", name=page)

    async def connect(self) -> None:
        """As the page does it: ask whether the server is there, with growing pauses. Raises TimeoutError in the end."""
        wait = 0.1
        async with asyncio.timeout(5 * PATIENCE):
            while True:
                try:
                    self.socket = await self._connected()
                    return
                except _GONE:
                    await asyncio.sleep(wait)
                    wait = min(4, 2 * wait)

    async def _connected(self) -> ClientConnection:
        for path in ("_stcore/health", "_stcore/host-config"):
            await asyncio.to_thread(self.http.ask, "GET", path)
        tokens = ["streamlit", self.http.token or "PLACEHOLDER_AUTH_TOKEN"]
        return await connect(
            self.http.socket_address,
            subprotocols=[*tokens, self.session] if self.session else tokens,
            origin=self.http.origin,
            additional_headers={"Cookie": self.http.cookie},
            max_size=None,
            ping_interval=None,  # a browser answers pings and sends none
        )

    async def rest(self, seconds: float) -> Rerun | None:
        """Think. If the connection goes meanwhile, come back as a browser does, and return that run."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.socket.wait_closed()
            return await self.back(time.perf_counter())
        return None

    async def back(self, since: float) -> Rerun:
        """Reconnect with the session's number, send every widget's value again, await the run; nothing may be lost."""
        held = dict(self.screen.states)
        try:
            await self.connect()
        except TimeoutError:
            return Rerun("back", fault="the server did not come back")
        done = await self.rerun("back")
        done.run = done.all = (time.perf_counter() - since) * 1e3
        lost = [name for name, state in self.screen.states.items() if held.get(name, state) != state]
        done.fault = done.fault or ", ".join(f"the choice of {name.rpartition('-')[2]} was lost" for name in lost)
        return done

    async def close(self) -> None:
        """Close the tab."""
        await self.socket.close()
        self.http.close()

    async def change(self, kind: str, value: int | str | None = None) -> Rerun:
        """One of `scene`, `language`, `block` (a state that settles in the component) and `page`."""
        screen = self.screen
        try:
            if kind == "scene":
                self.choose_scene(value)
            elif kind == "language":
                held = screen.widget("lang").string_array_value.data
                held[:] = ["中文" if list(held) == ["English"] else "English"]
            elif kind == "block" and screen.component:
                found = json.dumps(settled(screen.component, self.random))
                screen.states[screen.component.id] = WidgetState(id=screen.component.id, json_value=found)
                return await self.rerun(kind, fragment=screen.fragment)
            else:  # a page without a component has nothing that settles
                name = self.random.choice(self.pages or sorted(screen.pages)) if value is None else value
                return await self.rerun("page", page=screen.pages[name])
        except KeyError as missing:
            return Rerun(kind, fault=f"{missing} is not drawn")
        return await self.rerun(kind)

    def choose_scene(self, number: int | None = None) -> None:
        """Put a scene's number into its field, any if none is said; `send` or `rerun` tells the server."""
        self.screen.widget("seed").double_value = number or FIRST_HELD_OUT + self.random.randrange(1_000_000)

    async def rerun(self, kind: str, page: str = "", name: str = "", fragment: str = "") -> Rerun:
        """Send the state of everything and wait for the run's end and its data. Never raises: see `fault`."""
        done, begun, before = Rerun(kind), time.perf_counter(), self.received
        try:
            async with asyncio.timeout(PATIENCE):
                await self.send(page, name, fragment)
                done.fault = await self._until_finished()
                done.run = (time.perf_counter() - begun) * 1e3
                self.received += sum(await asyncio.gather(*self._fetching))
        except _GONE:
            return await self.back(begun)
        except (TimeoutError, ValueError, KeyError) as error:
            done.fault = f"{type(error).__name__} {error}"
        done.all, done.bytes, self._fetching = (time.perf_counter() - begun) * 1e3, self.received - before, []
        return done

    async def send(self, page: str = "", name: str = "", fragment: str = "") -> None:
        """The message of a change: a page's hash where another page opens, a fragment where only that runs anew."""
        message, screen = BackMsg(), self.screen
        ask = message.rerun_script
        ask.query_string = "" if page and page != screen.page else screen.query
        ask.page_script_hash, ask.page_name, ask.fragment_id = page or screen.page, name, fragment
        ask.widget_states.widgets.extend(screen.states.values())
        ask.cached_message_hashes.extend(self.kept)
        ask.context_info.locale, ask.context_info.url = "en-US", self.http.address
        ask.context_info.timezone = "Etc/UTC"
        await self.socket.send(message.SerializeToString())

    async def _until_finished(self) -> str:
        """Take messages until the end of the run that was asked for; returns a fault, or nothing."""
        begun, fault = False, ""
        while True:
            message = await self.receive()
            kind = message.WhichOneof("type")
            begun = begun or kind == "new_session"
            if kind in ("delta", "ref_hash"):
                fault = self._draw(message) or fault
            elif kind == "script_finished" and begun and message.script_finished != _EARLY:
                return fault or ("" if message.script_finished in _GOOD else "the script did not compile")

    async def receive(self) -> ForwardMsg:
        """The next message, counted, with all but its drawing done."""
        data = await self.socket.recv()
        self.received += len(data)
        message = ForwardMsg.FromString(data)
        kind, screen, fragments = message.WhichOneof("type"), self.screen, message.metadata.run.fragment_ids
        self.messages[kind] = self.messages.get(kind, 0) + 1
        if kind == "new_session":
            new = message.new_session
            self.session, self.most_age = new.initialize.session_id, new.config.max_cached_message_age
            screen.page = new.page_script_hash
            screen.begin(fragments)
        elif kind == "navigation":
            screen.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            screen.page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            screen.query = message.page_info_changed.query_string
        elif kind == "script_finished" and message.script_finished != _EARLY:
            if not fragments:
                screen.finish()
            self._age(fragments)
        return message

    def _draw(self, message: ForwardMsg) -> str:
        """Draw an element, from the cache where the server only named it; returns a fault that it shows, or nothing."""
        if message.WhichOneof("type") == "ref_hash":
            kept = self.kept[message.ref_hash]
            kept.used = self.runs
        elif message.delta.WhichOneof("type") == "new_element":
            kept = Kept(self.runs, message.delta.fragment_id, Drawn.of(message.delta.new_element))
            if message.metadata.cacheable:
                self.kept[message.hash] = kept
        else:
            return ""
        self.screen.draw(kept.drawn, kept.fragment)
        self._fetching += [asyncio.create_task(self.http.fetch(path)) for path in self.parts(kept.drawn)]
        return kept.drawn.fault

    def _age(self, fragments: Iterable[str]) -> None:
        """Forget messages that no run used for long; a fragment's run says nothing of what lies outside it."""
        self.runs += 1
        for name, kept in list(self.kept.items()):
            if (not fragments or kept.fragment in fragments) and self.runs - kept.used > self.most_age:
                del self.kept[name]
