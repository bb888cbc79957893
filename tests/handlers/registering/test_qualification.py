"""An item whose qualification has run out is not accepted as our own service (clause 4.1)."""

from datetime import date

from bot.domain.catalog import Catalog, Qualification
from storage import cases, events
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.world import open_world, shipped_catalog

BLOCK = """同意，单位：长春市宏达机械有限公司
地址：长春市朝阳区人民大街100号
联系人：王芳
职务：采购经理
电话：13900001111
主营：机械加工
计量器具清单：压力表 0-1.6MPa 8块
证书单位名称和地址：同申请人
开票信息：普票"""


def with_qualification(catalog: Catalog, valid_to: date) -> Catalog:
    """The catalogue with the calibration of sent-in instruments under this qualification."""
    licence = Qualification(name="计量授权证书", number="（示例）001号", valid_to=valid_to)
    items = tuple(
        one.model_copy(update={"qualification": licence}) if one.id == "calibrate" else one
        for one in catalog.items
    )
    return catalog.model_copy(update={"items": items})


def test_an_expired_qualification_turns_the_item_into_a_referral_and_says_so(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    expired = with_qualification(shipped_catalog(), date(2026, 11, 22))
    with open_world(engine_url, vault, clock, expired) as world:
        proposed = world.say("oA", "我们厂有8块压力表要校准")
        assert "需协调" in proposed
        world.say("oA", BLOCK)
        assert "登记成功" in world.say("oA", "确认")
        (case,) = world.database.run(lambda tx: list(cases.page(tx, None, 0, 10)))
        timeline = world.database.run(lambda tx: events.of_case(tx, case.id))
        assert "to_coordinate" in [one.kind for one in timeline]


def test_on_its_last_day_it_is_still_our_own_service(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    valid = with_qualification(shipped_catalog(), date(2026, 11, 23))
    with open_world(engine_url, vault, clock, valid) as world:
        assert "需协调" not in world.say("oA", "我们厂有8块压力表要校准")
