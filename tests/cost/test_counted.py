"""The formula equals a real operator counter on the real model, to the integer, at any size."""

import threading

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from swin_viz.cost import counted, terms
from swin_viz.cost.clock import attend
from swin_viz.cost.formula import items, total
from swin_viz.network.model import Swin
from swin_viz.network.variants import VARIANTS, SwinConfig

SMALL = SwinConfig(24, (2, 2), (2, 3), window=5, image_size=64, classes=7)
CONFIGS = {
    "small": SMALL,
    "one_stage": SwinConfig(16, (3,), (4,), window=4, classes=0),
    "odd": SwinConfig(18, (1, 2, 1), (1, 2, 3), window=3, patch=2, classes=10, mlp_ratio=2.5, qkv_bias=False),
    "grey": SwinConfig(8, (2, 1), (1, 1), window=6, in_channels=1, classes=2, patch_norm=False),
}
SIZES = [(1, 1), (3, 90), (64, 64), (65, 63), (97, 31), (128, 256), (223, 225)]


def flops(config: SwinConfig, height: int, width: int, device: str) -> int:
    with torch.device(device):
        model = Swin(config).eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, config.in_channels, height, width, device=device))
    return counter.get_total_flops()


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_formula_counts_what_really_runs(name: str, size: tuple[int, int]) -> None:
    config = CONFIGS[name]
    assert 2 * total(items(config, *size)) == flops(config, *size, "cpu")


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("swin_t", (224, 224)),
        ("swin_t", (256, 256)),
        ("swin_t", (375, 501)),
        ("swin_t", (2160, 3840)),
        ("swin_s", (230, 224)),
        ("swin_b", (1024, 1000)),
        ("swin_l", (333, 777)),
        ("swin_b_384", (384, 400)),
        ("swin_l_384", (383, 385)),
    ],
    ids=str,
)
def test_sizes_that_could_never_run_here_are_counted_on_the_meta_device(name: str, size: tuple[int, int]) -> None:
    assert 2 * total(items(VARIANTS[name], *size)) == flops(VARIANTS[name], *size, "meta")


@pytest.mark.parametrize("size", [(64, 64), (97, 31)], ids=str)
@pytest.mark.parametrize("name", CONFIGS)
def test_every_step_agrees_with_the_counter(name: str, size: tuple[int, int]) -> None:
    rows = counted.compare(CONFIGS[name], *size)
    assert sum(row.counted_macs or 0 for row in rows) * 2 == flops(CONFIGS[name], *size, "meta")
    assert all(row.counted_macs == row.macs for row in rows if row.macs)
    assert all(row.counted_elements in (None, row.elements) for row in rows)


def test_what_the_counter_does_not_see_is_marked_and_not_zero() -> None:
    rows = counted.compare(SMALL, 64, 64)
    blind = {row.component for row in rows if row.counted_macs is None and row.counted_elements is None}
    assert blind == {"move", "bias", "mask", "residual", "pool"}
    seen = {row.component for row in rows if row.counted_elements is not None}
    assert seen == {"patch_norm", "norms", "softmax", "gelu", "merging_norm", "last_norm"}


def test_counting_sees_its_own_thread_alone() -> None:
    other, results = Swin(SMALL).eval(), []

    def run_beside() -> None:
        with torch.no_grad():
            other(torch.zeros(1, 3, 64, 64))

    class Meddling(counted.Counter):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            if not results:
                results.append(1)
                thread = threading.Thread(target=run_beside)
                thread.start()
                thread.join()
            return super().__torch_dispatch__(func, types, args, kwargs)

    model = Swin(SMALL).eval()
    with torch.no_grad(), Meddling(model) as counter:
        model(torch.zeros(1, 3, 64, 64))
    assert counter.macs == total(items(SMALL, 64, 64))


def test_a_fused_attention_hides_its_quadratic_term_from_the_counter() -> None:
    tokens, channels = 25, 32
    assert counted.count_attention(tokens, channels, 4, attend.explicit) == 2 * tokens**2 * channels
    assert counted.count_attention(tokens, channels, 4, attend.fused) == 0


def test_counted_ratios_are_those_of_the_paper() -> None:
    found = counted.counted_ratios((7, 28, 56))
    assert found == {side: terms.msa(side, side, 96) / terms.w_msa(side, side, 96, 7) for side in (7, 28, 56)}
