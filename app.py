"""What `streamlit run app.py` starts: the script swin_viz/app/ui.py inside a server that is warm and hardened.

The pages' folder beside this file would otherwise be served as a classic multipage app, one page alone at a time.
"""

import streamlit as st

from swin_viz import paths
from swin_viz.app.routes import routes
from swin_viz.app.server import MIDDLEWARE, lifespan, log_fault

app = st.App(
    str(paths.PACKAGE / "app" / "ui.py"),
    lifespan=lifespan,
    routes=routes(),
    middleware=MIDDLEWARE,
    on_script_error=log_fault,
)
