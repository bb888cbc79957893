"""`yizhan menu` and `yizhan doctor` as an operator meets them: what they print, how they end."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.catalog import Button
from bot.setting_up import make_codes, publish_menu, show_menu
from tests.test_cli import Run, yizhan
from tests.world import World

__all__ = ["yizhan"]

Menu = Callable[..., tuple[list[str], bool]]


def test_the_menu_is_published_and_then_shown_as_the_same(sqlite_world: World) -> None:
    shown, same = show_menu(sqlite_world.app)
    assert (same, shown[-2:]) == (
        False,
        ["公众号现在没有菜单。", "两者不一致，运行 yizhan menu publish 可发布目录里的菜单。"],
    )
    said, well = publish_menu(sqlite_world.app)
    assert well
    assert "最新进度　点击等于发送：进度" in "\n".join(said)
    assert "打开：https://agency.example/m/mine" in "\n".join(said)
    assert show_menu(sqlite_world.app)[1]


def test_a_menu_that_breaks_a_limit_is_not_sent(sqlite_world: World) -> None:
    too_long = (Button(name="一二三四五六", says="进度"),)
    catalog = sqlite_world.app.catalog.model_copy(update={"menu": too_long})
    said, well = publish_menu(replace(sqlite_world.app, catalog=catalog))
    assert not well
    assert said[0].startswith("按钮名“一二三四五六”有 18 字节，最多 16 字节")
    assert not any("menu/create" in one.what for one in sqlite_world.platform.journal.since(0))


@pytest.mark.parametrize("command", [show_menu, publish_menu])
def test_a_refusal_is_said_in_words(sqlite_world: World, command: Menu) -> None:
    for path in ("get", "create"):
        sqlite_world.platform.faults.on_call(f"/cgi-bin/menu/{path}", code=48001)
    said, well = command(sqlite_world.app)
    assert not well
    assert "公众号没有这个接口的权限" in said[0]
    assert "接口权限" in "\n".join(said)


def test_there_is_a_code_for_every_desk_and_everybody(sqlite_world: World) -> None:
    said, well = make_codes(sqlite_world.app, (), None)
    catalog = sqlite_world.app.catalog
    assert well
    assert len(said) == len(catalog.departments) + len(catalog.staff)
    made = sqlite_world.platform.official_api.codes.made
    assert {"desk.window", "staff.liu.min"} <= set(made.values())
    again, _ = make_codes(sqlite_world.app, (), None)
    assert again == said


def test_a_code_may_be_for_one_and_for_some_days(sqlite_world: World) -> None:
    said, well = make_codes(sqlite_world.app, ("liu.min",), 30)
    assert well
    assert said[0].startswith("刘敏（场景值 staff.liu.min，30 天内有效）")
    assert "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ" in said[0]


def test_a_code_for_nobody_is_not_made(sqlite_world: World) -> None:
    said, well = make_codes(sqlite_world.app, ("liumin",), None)
    assert not well
    assert "liumin" in said[0]
    assert sqlite_world.platform.official_api.codes.made == {}


def test_what_is_printed_on_a_code_is_what_comes_back_when_it_is_scanned(
    sqlite_world: World,
) -> None:
    make_codes(sqlite_world.app, ("liu.min",), None)
    [scene] = sqlite_world.platform.official_api.codes.made.values()
    assert "刘敏" in (sqlite_world.platform.client_scans("owang", scene).reply or "")


@pytest.mark.parametrize(
    ("words", "ends", "said"),
    [
        (("doctor", "40164"), 0, "IP白名单"),
        (("doctor", "--code", "-1"), 0, "微信系统繁忙"),
        (("doctor", "95018"), 0, "微信客服 95018"),
        (("doctor", "123456"), 1, "没有收录错误码 123456"),
    ],
)
def test_a_code_is_explained_without_any_setting(
    yizhan: Run, tmp_path: Path, words: tuple[str, ...], ends: int, said: str
) -> None:
    ran = yizhan(*words)
    assert (ran.returncode, said in ran.stdout) == (ends, True)
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_is_green(yizhan: Run) -> None:
    ran = yizhan("doctor", "--demo")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.rstrip().endswith("全部正常。")


def test_an_empty_folder_is_told_what_to_set_first(yizhan: Run) -> None:
    ran = yizhan("doctor")
    assert ran.returncode == 1
    assert "✗ 设置齐全" in ran.stdout
    assert "YIZHAN_OA_APP_ID" in ran.stdout
    assert "－ 公众号菜单（先解决“设置齐全”）" in ran.stdout
