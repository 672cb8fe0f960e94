"""The browser side: plain ES modules that draw from a trace, and the components that carry them."""
