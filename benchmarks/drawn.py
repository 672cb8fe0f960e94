"""What a browser makes of the elements: widgets' values, a component's header, the URLs they name, faults they show."""

import json
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.WidgetStates_pb2 import WidgetState

_CODE = re.compile(r'"([0-9a-f]{32}\.js)"')  # a stub names what it fetches (swin_viz/browser/wire/stub.js)


@dataclass(frozen=True)
class Drawn:
    """An element without its bytes."""

    id: str = ""
    state: WidgetState | None = None  # its value as the element says it
    told: bool = False  # whether that value overrides the visitor's
    component: str = ""  # the name of a component
    header: dict[str, Any] = field(default_factory=dict)  # of a component's message, without the arrays
    urls: tuple[str, ...] = ()  # what every browser fetches for it
    fault: str = ""  # an error that it shows

    @classmethod
    def of(cls, element: Element) -> "Drawn":
        """Read an element."""
        kind = element.WhichOneof("type")
        found = getattr(element, kind)
        if kind == "exception" or (kind == "alert" and found.format == Alert.ERROR):
            return cls(fault=found.message if kind == "exception" else found.body)
        if kind == "bidi_component":
            urls = tuple(f"code/{name}" for name in _CODE.findall(found.js_content))
            return cls(id=found.id, component=found.component_name, header=_header(found), urls=urls)
        if kind == "imgs":
            return cls(urls=tuple(image.url for image in found.imgs if not image.url.startswith("data:")))
        told = getattr(found, "set_value", False)
        return cls(id=getattr(found, "id", ""), state=_state(kind, found, told), told=told)


@dataclass
class Screen:
    """What is drawn: widgets' values by id, the component with its fragment, the pages by their part of the address."""

    states: dict[str, WidgetState] = field(default_factory=dict)
    component: Drawn | None = None
    fragment: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    page: str = ""  # its hash
    query: str = ""
    seen: set[str] = field(default_factory=set)  # ids of the widgets that the current run drew

    def begin(self, fragments: Iterable[str]) -> None:
        """A run begins; if it is one of the whole page, all is drawn anew."""
        if not fragments:
            self.seen, self.component = set(), None

    def draw(self, drawn: Drawn, fragment: str) -> None:
        """Take an element; the server's word overrides what the visitor had, a default does not."""
        if drawn.component and (self.component is None or drawn.component == self.component.component):
            self.component, self.fragment = drawn, fragment  # of several on a page the first
        if drawn.id:
            self.seen.add(drawn.id)
            if drawn.state is not None and (drawn.told or drawn.id not in self.states):
                self.states[drawn.id] = drawn.state

    def finish(self) -> None:
        """After a run of the whole page: what it did not draw is gone."""
        self.states = {name: state for name, state in self.states.items() if name in self.seen}

    def widget(self, key: str) -> WidgetState:
        """The state of the widget of that key. Raises KeyError where it is not drawn."""
        for name, state in self.states.items():
            if name.endswith(f"-{key}"):
                return state
        raise KeyError(key)


def _state(kind: str, found: Any, told: bool) -> WidgetState | None:
    """The value that a widget starts with, or that the server sets, as the browser sends it."""
    state = WidgetState(id=getattr(found, "id", ""))
    if kind in ("selectbox", "radio"):
        state.string_value = found.raw_value if told else found.options[found.default]
    elif kind == "button_group":
        values = found.raw_values if told else [found.options[i].content for i in found.default]
        state.string_array_value.data.extend(values)
    elif kind == "number_input":
        state.double_value = found.value if told else found.default
    elif kind == "slider":
        state.double_array_value.data.extend(found.value if told else found.default)
    elif kind == "checkbox":
        state.bool_value = found.value if told else found.default
    else:
        return None
    return state


def _header(component: BidiComponent) -> dict[str, Any]:
    """The JSON of a component's message: all of it, or what stands before the arrays (see engine/parts.py)."""
    if component.WhichOneof("data") == "bytes":
        length = int.from_bytes(component.bytes[:4], "little")
        return json.loads(component.bytes[4 : 4 + length])
    return json.loads(component.json or "{}")


def named(drawn: Drawn) -> Iterable[str]:
    """The URLs to fetch for an element: its own, and the parts of its run that the first picture needs."""
    parts, state = drawn.header.get("parts", {}), drawn.header.get("state", {})
    groups = list(drawn.header.get("now", ()))
    if "block" in state and drawn.component in ("swin_viz_attention", "swin_viz_way"):
        groups.append(drawn.header["run"]["blocks"][state["block"]]["name"])
    return (*drawn.urls, *(f"part/{parts[group]}" for group in groups))


def settled(component: Drawn, chance: random.Random) -> dict[str, Any]:
    """A state that settles in a component after its visitor's hand moved: another block, step or size."""
    header = component.header
    if component.component == "swin_viz_lesson":
        return {"step": {"step": chance.randrange(len(header["steps"])), "pair": None, "block": header["block"]}}
    if component.component == "swin_viz_derivation":
        return {"sizes": header["first"] | {"h": chance.randint(20, 200)}}
    state = header["state"] | {"block": chance.randrange(len(header["run"]["blocks"])), "of": header["key"]}
    if component.component == "swin_viz_way":
        return {"way": state | {"of": header["base"], "disc": header["disc"]}}
    return {"pair" if component.component == "swin_viz_pairs" else "view": state}
