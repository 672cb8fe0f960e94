"""Chinese is written as a Chinese teacher writes: fullwidth punctuation, and one word for one thing."""

import re
import tomllib

import pytest

from swin_viz import paths

ROOMS = sorted((paths.PACKAGE / "text" / "zh").glob("*.toml"))
NOT_PROSE = re.compile(r"`[^`]*`|\]\([^)]*\)|https?://\S+|\{\w+\}")  # code, addresses, what is filled in
HAN = r"[\u4e00-\u9fff]"
PLACE = re.compile(r"\((?:\{\w+\}|Δ?\w+)(?:, (?:\{\w+\}|Δ?\w+))+\)")  # (row, column)
HALF = re.compile(rf"(?<={HAN})[,;:!?()]|[,;:!?()](?={HAN})|(?<={HAN})\.(?=\s|$|{HAN})|\"")
RETIRED = {  # a word that was replaced → what stands for it
    **{"份额": "注意力权重", "这样的对": "这样的 token 对", "撞在一起": "映射到同一索引", "影响范围": "感受野"},
    **{"什么也不剩": "使其注意力权重变为 0", "变硬": "趋于饱和", "得到的注意力": "被关注程度", "时钟": "墙钟时间"},
    **{"为什么分开": "为什么不一致", "对数太多": "token 对太多"},
}


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.stem)
def test_punctuation_beside_chinese_is_fullwidth(path) -> None:
    for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
        found = HALF.search(NOT_PROSE.sub("0", PLACE.sub("x", text)))
        assert found is None, f"{key}: …{text[max(0, found.start() - 12) : found.end() + 12]}…"


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.stem)
def test_a_word_that_was_replaced_does_not_come_back(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [word for word in RETIRED if word in text] == []
