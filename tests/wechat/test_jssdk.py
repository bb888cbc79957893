"""The script's ticket and signature: the official sample, one ticket for all, no ticket no page."""

import pytest

from bot.domain.retry import Failure
from bot.wechat.client import ApiError
from bot.wechat.jssdk import signature
from tests.world import World

# the sample of the platform's own page about JS-SDK signatures
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
NONCE, STAMP, URL = "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value"
SAMPLE = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.parametrize("url", [URL, URL + "#top"])
def test_the_signature_is_that_of_the_official_sample_without_the_anchor(url: str) -> None:
    assert signature(TICKET, NONCE, STAMP, url) == SAMPLE


def test_a_page_is_signed_with_the_ticket_the_platform_gave(world: World) -> None:
    signed = world.app.jssdk.sign("https://agency.example/m/x")
    wanted = signature(
        world.platform.official_api.visits.ticket(),
        signed["nonceStr"],
        signed["timestamp"],
        "https://agency.example/m/x",
    )
    assert (signed["signature"], signed["appId"]) == (wanted, world.app.settings.oa_app_id)
    assert signed["timestamp"] == int(world.clock().timestamp())


def test_many_pages_cost_one_call_for_a_ticket(world: World) -> None:
    for _ in range(20):
        world.app.jssdk.sign("https://agency.example/m/x")
    asked = [one for one in world.platform.journal.since(0) if "getticket" in one.what]
    assert len(asked) == 1


def test_without_a_ticket_the_page_is_told_why(world: World) -> None:
    world.platform.faults.on_call("/cgi-bin/ticket/getticket", code=48001)
    with pytest.raises(ApiError) as refused:
        world.app.jssdk.sign("https://agency.example/m/x")
    assert (refused.value.failure, refused.value.code) == (Failure.ALARM, 48001)
