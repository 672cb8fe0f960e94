"""Files that a page hands out, read again."""

import csv
import io
from xml.etree import ElementTree

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tests.browser.hands import taken

SVG = "{http://www.w3.org/2000/svg}"
CAT = "image=chelsea&size=256&whole=1"  # padded in every stage


def picture_of(page: Page, kind: str) -> tuple[str, bytes]:
    """The name and content of the picture that a component saves."""
    return taken(page, page.locator(".viz").get_by_role("button", name=kind, exact=True))


def numbers(page: Page, label: str, end: str) -> tuple[str, bytes]:
    name, data = taken(page, page.get_by_role("button", name=label))
    assert name.endswith(f".{end}")
    return name, data


def csv_of(page: Page, label: str = "The numbers shown as CSV") -> tuple[str, str, list[dict[str, str]]]:
    """The name of a CSV file, its caption and its rows."""
    name, data = numbers(page, label, "csv")
    first, rest = data.decode().split("\r\n", 1)
    return name, next(csv.reader([first]))[0].removeprefix("# "), list(csv.DictReader(io.StringIO(rest)))


def npz_of(page: Page, label: str = "This block as NPZ") -> dict[str, np.ndarray]:
    return dict(np.load(io.BytesIO(numbers(page, label, "npz")[1])))


def caption_of(svg: ElementTree.Element) -> str:
    return "".join(list(svg.iter(f"{SVG}text"))[-1].itertext())


def pixels(data: bytes | list[int]) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(bytes(data))).convert("RGB"), np.int16)
