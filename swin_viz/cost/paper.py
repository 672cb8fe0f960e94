"""Numbers as the paper printed them (arXiv 2103.14030), to stand beside live ones. Nothing here is computed by us."""

from dataclasses import dataclass

SOURCE = "Liu et al., Swin Transformer, ICCV 2021, arXiv:2103.14030"
ADDRESS = "https://arxiv.org/abs/2103.14030"


@dataclass(frozen=True)
class Accuracy:
    """One row of table 4: ImageNet top-1 accuracy (%), COCO box AP, ADE20K mIoU of a variation of Swin-T."""

    variation: str
    top1: float
    box_ap: float
    miou: float


@dataclass(frozen=True)
class Speed:
    """One row of table 5: milliseconds of the attention in stages 1–4, images per second of T, S, B on a V100."""

    method: str
    stage_ms: tuple[float, float, float, float]
    images_per_second: tuple[int, int, int]


SHIFT = (Accuracy("no_shift", 80.2, 47.7, 43.3), Accuracy("shift", 81.3, 50.5, 46.1))
POSITION = (
    Accuracy("no_position", 80.1, 49.2, 43.8),
    Accuracy("absolute", 80.5, 49.0, 43.2),
    Accuracy("relative", 81.3, 50.5, 46.1),
    Accuracy("bias_only", 79.3, 48.2, 44.1),
)
SPEED = (
    Speed("sliding_naive", (122.5, 38.3, 12.1, 7.6), (183, 109, 77)),
    Speed("sliding_kernel", (7.6, 4.7, 2.7, 1.8), (488, 283, 187)),
    Speed("window", (2.8, 1.7, 1.2, 0.9), (770, 444, 280)),
    Speed("padded_shift", (3.3, 2.3, 1.9, 2.2), (670, 371, 236)),
    Speed("cyclic_shift", (3.0, 1.9, 1.3, 1.0), (755, 437, 278)),
)
