"""Voice and video as pretended: kept three days, an address for a video, nothing oversized."""

from datetime import timedelta

import pytest

from bot.simulator import recordings
from bot.wechat.limits import VIDEO_BYTES, VOICE_BYTES
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import Caller
from tests.simulator.fake_bot import FakeBot

MINE = "oClient"


def test_a_voice_message_is_served_as_it_was_said(caller: Caller, bot: FakeBot) -> None:
    caller.platform.client_sends_voice(MINE, recognition="您好")
    tags = bot.seen[0].tags
    assert (tags["MsgType"], tags["Format"], tags["Recognition"]) == ("voice", "amr", "您好")
    found = caller.get("oa", "media/get", media_id=tags["MediaId"])
    assert (found.get_data(), found.content_type) == (recordings.voice(), "audio/amr")


@pytest.mark.parametrize(("short", "kind"), [(False, "video"), (True, "shortvideo")])
def test_of_a_video_the_account_gets_an_address(
    caller: Caller, bot: FakeBot, clock: FixedClock, *, short: bool, kind: str
) -> None:
    caller.platform.client_sends_video(MINE, short=short)
    tags = bot.seen[0].tags
    assert tags["MsgType"] == kind
    assert tags["ThumbMediaId"]
    found = caller.get("oa", "media/get", media_id=tags["MediaId"]).get_json(force=True)
    assert found["video_url"].endswith(f"/oa/videos/{tags['MediaId']}")
    clock.forward(timedelta(days=3))
    caller.token.clear()
    gone = caller.get("oa", "media/get", media_id=tags["MediaId"]).get_json(force=True)
    assert gone["errcode"] == 40007


def test_no_phone_sends_more_than_the_platform_takes(caller: Caller) -> None:
    with pytest.raises(ValueError, match="the platform takes no such"):
        caller.platform.client_sends_voice(MINE, bytes(VOICE_BYTES + 1))
    with pytest.raises(ValueError, match="the platform takes no such"):
        caller.platform.client_sends_video(MINE, bytes(VIDEO_BYTES + 1))
