"""The switches of the lab: one frozen, hashable `Ablation`, turned into replacements at named points.

The model knows nothing of these switches. Each becomes an edit for `capture(model, edit=…)`; leaving all of them as
they are gives no edit at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

import torch
from torch import Tensor

from swin_viz.network.capture import Edit
from swin_viz.network.model import Swin
from swin_viz.network.windows import cyclic_shift, relative_index


@dataclass(frozen=True)
class Ablation:
    """What is taken out of, or changed in, the blocks whose names match one of the globs in `blocks`.

    `shift`, `mask`, `bias`, `scale`, `index_factor` set to False switch that part off. `silenced` heads contribute
    zero; heads a block does not have are ignored. `mask_value` replaces −100. `padding_masked` forbids attention
    between real and padded tokens. `uniform` makes every query look at every key of its window alike. `norm` set to
    False gives attention the residual stream as it is, without norm1; `attention`, `mlp`: that branch adds nothing.
    `shift_always` shifts every second block of a stage, also where one window holds the whole map.
    """

    shift: bool = True
    mask: bool = True
    bias: bool = True
    scale: bool = True
    silenced: tuple[int, ...] = ()
    mask_value: float = -100.0
    padding_masked: bool = False
    index_factor: bool = True
    uniform: bool = False
    norm: bool = True
    attention: bool = True
    mlp: bool = True
    shift_always: bool = False
    blocks: tuple[str, ...] = ("*",)

    def edits(self, model: Swin) -> dict[str, Edit]:
        """The edits of one run. Raises KeyError if `blocks` names a block the model lacks.

        Make them anew for every run: those for padding and norm remember the map that they are in.
        """
        found: dict[str, Edit] = {}
        names = model.config.block_names
        for pattern in self.blocks:
            if not any(fnmatchcase(name, pattern) for name in names):
                raise KeyError(f"no block matches {pattern!r}; blocks are named {names[0]} to {names[-1]}.")
        for name in names:
            if any(fnmatchcase(name, pattern) for pattern in self.blocks):
                odd = int(name.rpartition(".")[2]) % 2 == 1
                edits = self._block_edits(model.config.window, odd)
                found.update({f"{name}.{point}": edit for point, edit in edits.items()})
        return found

    def _block_edits(self, window: int, odd: bool) -> dict[str, Edit]:
        edits: dict[str, Edit] = {}
        if not self.shift:
            edits["shift"] = lambda _: (0, 0)
        elif self.shift_always and odd:
            edits["shift"] = lambda _: (window // 2, window // 2)
        if not self.mask:
            edits["attn.mask"] = torch.zeros_like
        elif self.mask_value != -100.0:
            edits["attn.mask"] = lambda mask: mask.masked_fill(mask != 0, self.mask_value)
        if not self.bias:
            edits["attn.bias"] = torch.zeros_like
        if not self.scale:
            edits["attn.scale"] = lambda _: 1.0
        if not self.index_factor:
            edits["attn.index"] = lambda index: relative_index(window, factor=1).to(index.device)
        if self.silenced:
            edits["attn.z"] = self._silence
        if self.uniform:
            edits["attn.masked"] = torch.zeros_like
        if not self.attention:
            edits["attn_branch"] = torch.zeros_like
        if not self.mlp:
            edits["mlp_branch"] = torch.zeros_like
        return edits | self._remembering(edits.get("shift"))

    def _remembering(self, shift_edit: Edit | None) -> dict[str, Edit]:
        """The edits that need what entered the block."""
        found = _padding_edits(shift_edit) if self.padding_masked else {}
        if self.norm:
            return found
        bare, see_size = _norm_edits(), found.get("resid_pre", lambda x: x)
        return found | bare | {"resid_pre": lambda x: see_size(bare["resid_pre"](x))}

    def _silence(self, z: Tensor) -> Tensor:
        z = z.clone()  # (B, nW, h, N, d)
        z[:, :, [head for head in self.silenced if head < z.shape[2]]] = 0
        return z


def _norm_edits() -> dict[str, Edit]:
    """Give attention what entered the block, in the place of the same normed."""
    seen: list[Tensor] = []

    def see(x: Tensor) -> Tensor:
        seen[:] = [x]
        return x

    return {"resid_pre": see, "attn_in": lambda _: seen.pop()}


def _padding_edits(shift_edit: Edit | None) -> dict[str, Callable]:
    """Give padded tokens regions of their own, so that the mask forbids pairs of a real and a padded token."""
    seen: dict[str, tuple[int, int]] = {}

    def see_size(x: Tensor) -> Tensor:
        seen["size"] = (x.shape[1], x.shape[2])
        return x

    def see_shift(shift: tuple[int, int]) -> tuple[int, int]:
        seen["shift"] = shift_edit(shift) if shift_edit else shift
        return seen["shift"]

    def own_regions(regions: Tensor) -> Tensor:
        height, width = seen["size"]
        padding = regions.new_zeros(regions.shape)
        padding[height:], padding[:, width:] = 1, 1
        return regions + 9 * cyclic_shift(padding[None, :, :, None], seen["shift"])[0, :, :, 0]

    return {"resid_pre": see_size, "shift": see_shift, "regions": own_regions}
