"""The mapping that the how-to shows is one that works, and is the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from loading import load, write

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
HEADER = "借据号,客户号,剩余本金,欠息,违约金,服务费,结欠总额,逾期天数,年利率,姓名,手机号,号码来源,性别,年龄"


@pytest.mark.parametrize("page", ["import-a-book.md", "import-a-book.zh.md"])
def test_the_mapping_of_the_how_to_loads_a_book(tmp_path: Path, page: str) -> None:
    [shown] = re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    mapping = write(tmp_path / "lender.yaml", shown)
    row = "J1,K1,900.00,90.00,5.00,5.00,1000.00,35,18.25%,王五,13800000000,申请时预留,男,30"
    whole = load(write(tmp_path / "accounts.csv", f"{HEADER}\n{row}\n"), mapping)
    loaded = whole.good.row(0, named=True)
    assert (loaded["balance"], loaded["fees"], loaded["annual_ppm"]) == (100_000, 1_000, 182_500)
    assert (loaded["product"], loaded["phone_source"], str(loaded["oldest_unpaid_due"])) == (1, 1, "2026-08-26")
