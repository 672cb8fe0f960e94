"""Starts the app from the command line: what `swin-viz app` runs."""

import socket
import sys

from streamlit.web.cli import main as streamlit

from swin_viz import paths


def start(port: int, classroom: bool) -> None:
    """Serve the app until it is stopped; `classroom`: reachable by others, small uploads, and says its address."""
    # Streamlit reads .streamlit/config.toml beside the script too: so from any folder, and from an installed wheel.
    sys.argv = ["streamlit", "run", str(paths.ROOT / "app.py"), f"--server.port={port}"]
    if classroom:
        sys.argv += ["--server.address=0.0.0.0", "--server.maxUploadSize=25", "--server.headless=true"]
        print(f"Students open http://{_own_address()}:{port}", flush=True)
    streamlit()


def _own_address() -> str:
    """This machine's address in its network; asking the system for the route sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return socket.gethostname()
