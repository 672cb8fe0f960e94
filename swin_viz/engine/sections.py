"""One block, or one merging, run alone on the input that a run kept: its values without a second pass of the whole."""

from collections.abc import Iterable

from torch import Tensor, nn

from swin_viz.network.model import Swin

INPUTS = "layers.*.blocks.*.resid_pre"  # where a run keeps what its blocks get
KEPT = 32 * 2**20  # bytes of a run's inputs: where there are more, none are kept


def chains(model: Swin, names: Iterable[str]) -> dict[str, tuple[nn.Module, ...]] | None:
    """The modules to run one after another, by the block on whose input they start, so that all `names` are passed.

    None if one of the points lies outside of blocks and mergings.
    """
    found: dict[str, tuple[nn.Module, ...]] = {}
    for name in names:
        parts = name.split(".")
        if len(parts) < 3 or parts[0] != "layers":
            return None
        if parts[2] == "blocks":
            start = ".".join(parts[:4])
            found.setdefault(start, (model.get_submodule(start),))
        else:
            stage = f"layers.{parts[1]}"
            start = f"{stage}.blocks.{model.config.depths[int(parts[1])] - 1}"
            found[start] = (model.get_submodule(start), model.get_submodule(f"{stage}.downsample"))
    return found


def hold(model: Swin, starts: Iterable[str], edited: Iterable[str]) -> bool:
    """Whether the inputs of blocks are those of a run without edits: none of the points edited lies before them."""
    order = model.config.block_names
    first = min((order.index(".".join(name.split(".")[:4])) for name in edited), default=len(order))
    return all(order.index(start) <= first for start in starts)


def passed(modules: Iterable[nn.Module], x: Tensor) -> None:
    """Run modules one after another: what is looked for is taken by the tape in force."""
    for module in modules:
        x = module(x)
