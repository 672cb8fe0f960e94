"""One visitor's HTTP: a connection that stays open, the XSRF cookie, and a cache of what never changes."""

import asyncio
import http.client
from urllib.parse import urlsplit

_KINDS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class HttpSide:
    """Asks one server; paths are relative to the app's address, unless they begin with a slash."""

    def __init__(self, address: str) -> None:
        at = urlsplit(address)
        self.address, self.base = address, at.path.rstrip("/") + "/"
        self.origin = f"{at.scheme}://{at.netloc}"
        self.socket_address = f"{self.origin.replace('http', 'ws', 1)}{self.base}_stcore/stream"
        self.token = ""
        self.fetched = 0  # how many answers came over the wire
        self._connection = _KINDS[at.scheme](at.netloc, timeout=30)
        self._kept: set[str] = set()
        self._turn = asyncio.Lock()

    @property
    def cookie(self) -> str:
        """What a request says of the cookie."""
        return f"_streamlit_xsrf={self.token}"

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, int]:
        """One request: the status, the headers, the bytes of the body as they travelled. Raises OSError."""
        path = path if path.startswith("/") else self.base + path
        headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip", "X-Xsrftoken": self.token} | headers
        try:
            try:
                self._connection.request(method, path, body or None, headers)
                answer = self._connection.getresponse()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):  # it was idle for too long
                self._connection.close()
                self._connection.request(method, path, body or None, headers)
                answer = self._connection.getresponse()
            found = answer.status, answer.headers, len(answer.read())
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError(str(error)) from error
        except OSError:
            self._connection.close()
            raise
        for line in answer.headers.get_all("Set-Cookie", []):
            if line.startswith("_streamlit_xsrf="):
                self.token = line.partition("=")[2].partition(";")[0]
        return found

    async def fetch(self, path: str) -> int:
        """The bytes that travel for a path: none where the cache has it. Raises ValueError unless it is found."""
        async with self._turn:
            if path in self._kept:
                return 0
            status, headers, size = await asyncio.to_thread(self.ask, "GET", path)
            if status != http.client.OK:
                raise ValueError(f"{status} for {path}")
            self.fetched += 1
            if "immutable" in (headers["Cache-Control"] or ""):
                self._kept.add(path)
            return size

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
