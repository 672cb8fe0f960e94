"""The whole network at a glance, and one token's way through it."""

from swin_viz.app import session
from swin_viz.app.stage import head
from swin_viz.app.widgets import whole

t = session.text("overview")
head(t)

whole.show()  # below the opening
