"""The whole network at a glance, and one token's way through it."""

from swin_viz.app import session
from swin_viz.app.stage import head
from swin_viz.app.widgets import way, whole

head(session.text("overview"))
way.show()
whole.show()  # below the opening
