"""The `yizhan` command: everything the assistant does, driven from a terminal."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from bot import demo as stage
from bot import export as exports
from bot import routings as corrections
from bot import setting_up
from bot.app import App, OldSchema, catalog_file, make_app, open_data, read_catalog
from bot.clock import system_now
from bot.config import Settings, SettingsError, load_settings
from bot.domain.catalog_file import CatalogError, parse
from bot.domain.catalog_warnings import warnings
from bot.domain.phrases_file import parse_phrases, with_phrases
from bot.reading.reader import Reader
from bot.reading.report import as_json, read_field
from bot.seeding import seed as seeding
from bot.serving import PortTaken, Work, require_free, serve_web
from storage.db import Busy, upgrade

Understand = Callable[[str], Mapping[str, object]]

# What a command ends with, so that a script can tell what happened.
FOUND_WRONG, CANNOT_START = 1, 3

LINE = '应为 {"text": "…"}'

HOST = click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
PORT = click.option("--port", default=8000, show_default=True, type=int, help="监听端口")


def stop(message: str, code: int = CANNOT_START) -> NoReturn:
    """Say one sentence and end."""
    click.echo(message, err=True)
    sys.exit(code)


class Command(click.Group):
    """The group that turns every named error into its sentence and an exit code."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except CatalogError as error:
            stop(str(error), FOUND_WRONG)
        except SettingsError as error:
            stop(str(error))
        except PortTaken as error:
            stop(f"端口已被占用：{error}。请换一个端口（--port）或停掉占用它的程序。")
        except Busy:
            stop("数据库连不上或正忙。请检查 YIZHAN_DATABASE_URL，并确认数据库已启动，然后再试。")
        except OldSchema:
            stop("数据库结构不是最新的，请先运行：yizhan db upgrade")
        except FileNotFoundError as error:
            stop(f"找不到文件：{error.filename}")


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yizhan")
def main() -> None:
    """一站：检验检测机构“一站式”服务的受理助手。"""


@main.command()
@HOST
@PORT
@click.option("--cases", default=0, type=click.IntRange(0), help="先造多少件示例数据")
def demo(host: str, port: int, cases: int) -> None:
    """一条命令看全部：SQLite、模拟的微信和企业微信，不需要账号。"""
    folder = load_settings(keys=False).data_dir / "demo"
    prepare = partial(filled, cases=cases) if cases else stage.nothing
    stage.demo(host, port, folder, lambda url, app: click.echo(welcome(url, app.clock())), prepare)


def filled(app: App, cases: int) -> None:
    """The demo's office with months behind it."""
    wanted = seeding.Order(cases=cases, until=app.clock().date() - timedelta(days=1))
    seeding.seed(app.settings, app.catalog, app.database, wanted)


def welcome(url: str, now: datetime) -> str:
    """What stands in the terminal while the demo runs."""
    return (
        f"一站已启动。用浏览器打开：{url}\n"
        f"左边是客户的微信，右边是工作人员的企业微信；演示时钟现在是 {now:%Y-%m-%d %H:%M}。\n"
        "按 Ctrl+C 结束。"
    )


@main.command()
@HOST
@PORT
@click.option("--no-work", is_flag=True, help="只提供网页和回调，不发送也不计时")
def serve(host: str, port: int, no_work: bool) -> None:
    """正式运行：回调、网页、定时任务和发送。"""
    require_free(host, port)
    app = make_app(ready_settings())
    if no_work:
        app.database.close()
        serve_web(host, port)
        return
    work = Work(app)
    work.start()
    try:
        serve_web(host, port)
    finally:
        work.stop()


@main.command()
def work() -> None:
    """只运行定时任务和发送，可与多个 serve --no-work 同时运行。"""
    worker = Work(make_app(ready_settings()))
    worker.start()
    worker.wait()
    worker.stop()


def ready_settings() -> Settings:
    """The settings of a real deployment; SettingsError names what is missing."""
    return load_settings().require_official().require_wecom()


@main.command()
def chat() -> None:
    """在终端里和助手对话（模拟微信，数据用完即删）。"""
    stage.talk(read_line, click.echo)


def read_line() -> str | None:
    """A line from the terminal; None at its end."""
    try:
        return input()
    except EOFError:
        return None


@main.command()
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help='从标准输入逐行读 {"text": …}，逐行输出 JSON')
@click.option("--field", type=click.Choice(["phone", "uscc"]), help="只识别一种信息")
@click.option(
    "--learn-from",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="先把这个文件（export routings 的格式）里的说法加进目录，再理解",
)
def read(text: str | None, jsonl: bool, field: str | None, learn_from: Path | None) -> None:
    """显示助手怎样理解一段话（JSON）。不给 TEXT 时读标准输入。"""
    if field and learn_from:
        raise click.UsageError("--field 不用目录，不能与 --learn-from 同用")
    everything = partial(reading_of_everything, learn_from)
    understand: Understand = partial(read_field, field) if field else everything()
    for words in texts_of_stdin() if jsonl else [sys.stdin.read() if text is None else text]:
        click.echo(json.dumps(understand(words), ensure_ascii=False))


def texts_of_stdin() -> Iterator[str]:
    """The texts of the JSON lines on standard input."""
    return (text_of(line, number) for number, line in enumerate(sys.stdin, 1) if line.strip())


def reading_of_everything(learn_from: Path | None) -> Understand:
    """The reader over the catalogue at hand, with the phrases of a file; needs no other setting."""
    catalog = read_catalog(load_settings(keys=False).catalog)
    if learn_from:
        more = parse_phrases(learn_from.read_bytes(), catalog, str(learn_from))
        catalog = with_phrases(catalog, more)
    reader = Reader(catalog)
    return lambda words: as_json(reader.read(words))


def text_of(line: str, number: int) -> str:
    """The text of one JSON line; ends the command with a sentence where there is none."""
    try:
        found = json.loads(line)
    except ValueError:
        stop(f"第 {number} 行不是 JSON，{LINE}", FOUND_WRONG)
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        stop(f"第 {number} 行缺少 text，{LINE}", FOUND_WRONG)
    return str(found["text"])


@main.command()
def check() -> None:
    """检查目录文件和设置：有错误时退出码为 1，仅有提醒时为 0。"""
    settings = load_settings(keys=False)
    text, name = catalog_file(settings.catalog)
    catalog = parse(text, name)
    found = [*warnings(catalog, system_now().date(), text.decode(), name), *unset(settings)]
    for one in found:
        click.echo(f"提醒：{one}")
    items, staff = len(catalog.items), len(catalog.staff)
    click.echo(f"目录有效：{items} 个事项，{staff} 名人员，{len(found)} 条提醒。")


def unset(settings: Settings) -> Iterator[SettingsError]:
    """What `serve` would still miss."""
    wanted = (settings.require_official, settings.require_wecom, settings.require_public)
    for require in wanted:
        try:
            require()
        except SettingsError as error:
            yield error


@main.group()
def menu() -> None:
    """公众号的自定义菜单和二维码。"""


@menu.command("publish")
def menu_publish() -> None:
    """检查目录里的菜单，然后发布到公众号。"""
    done(setting_up.publish_menu(make_app(load_settings().require_official())))


@menu.command("show")
def menu_show() -> None:
    """显示目录里的菜单和公众号上现在的菜单；不一致时退出码为 1。"""
    done(setting_up.show_menu(make_app(load_settings().require_official())))


@menu.command("qr")
@click.argument("ids", nargs=-1)
@click.option("--days", type=click.IntRange(1, 30), help="几天内有效，不写为长期有效")
def menu_qr(ids: tuple[str, ...], days: int | None) -> None:
    """给每个部门和每位人员（或只给 IDS 这些）做一张二维码，扫码的客户由其首问负责。"""
    done(setting_up.make_codes(make_app(load_settings().require_official()), ids, days))


@main.command()
@click.argument("code", required=False, type=int)
@click.option("--code", "option", type=int, help="解释一个错误码，例如 40164 或 -1")
@click.option("--demo", is_flag=True, help="检查一套临时的演示，不需要账号")
def doctor(code: int | None, option: int | None, demo: bool) -> None:
    """逐项检查设置、回调、接口、模板、菜单和数据库，说明怎样处理；CODE：解释一个错误码。"""
    asked = option if code is None else code
    if asked is not None:
        done(setting_up.explain_code(asked))
    elif demo:
        done(setting_up.examine_demo())
    else:
        done(setting_up.examine(setting_up.to_be_examined(load_settings())))


def done(found: tuple[list[str], bool]) -> NoReturn:
    """Print the lines and end: 0 where all is well, 1 where something is wrong."""
    lines, well = found
    click.echo("\n".join(lines))
    sys.exit(0 if well else FOUND_WRONG)


@main.group()
def export() -> None:
    """导出数据。"""


@export.command("cases")
@click.option("--format", "form", type=click.Choice(sorted(exports.FORMATS)), default="json")
@click.option("--drafts", is_flag=True, help="同时导出未提交的草稿（仅 JSON）")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天登记的起")
def export_cases(form: str, drafts: bool, since: datetime | None) -> None:
    """导出登记表（表 B.1）：需求、材料、过程、评价。"""
    app = make_app(load_settings())
    day: date | None = since.date() if since else None
    found = exports.read_cases(app.database, app.catalog, day)
    if drafts and form == "json":
        found += exports.read_drafts(app.database)
    sys.stdout.buffer.write(exports.FORMATS[form](found))
    app.database.close()


@export.command("routings")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天改项的起")
def export_routings(since: datetime | None) -> None:
    """导出工作人员改项时客户的原话（已遮去个人信息），可贴进目录的 phrases。"""
    app = make_app(load_settings())
    day: date | None = since.date() if since else None
    found = corrections.read_routings(app.database, app.catalog, day)
    sys.stdout.buffer.write(corrections.as_yaml(found, app.catalog))
    app.database.close()


@main.command("seed")
@click.option("--seed", "number", default=1, show_default=True, help="同样的数字造出同样的数据")
@click.option("--cases", default=200, show_default=True, type=click.IntRange(1), help="登记多少件")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="到哪一天为止，默认昨天")
@click.option("--database", help="写入哪个数据库，默认按设置；例如 sqlite:///shili.db")
def seed_database(number: int, cases: int, until: datetime | None, database: str | None) -> None:
    """造几个月的示例数据（人名、单位、电话都是虚构的）；只写入空的数据库。"""
    settings = load_settings()
    if database:
        settings = settings.model_copy(update={"database_url": database})
    day = until.date() if until else system_now().date() - timedelta(days=1)
    catalog, opened = read_catalog(settings.catalog), open_data(settings)
    try:
        made = seeding.seed(settings, catalog, opened, seeding.Order(number, cases, day))
    except seeding.NotEmpty:
        stop("数据库里已有数据，没有写入。请换一个空的数据库（--database）。", FOUND_WRONG)
    finally:
        opened.close()
    states = "，".join(f"{state} {count}" for state, count in sorted(made.states.items()))
    click.echo(f"已写入 {len(made.numbers)} 件：{states}。")


@main.group()
def db() -> None:
    """数据库。"""


@db.command("upgrade")
def db_upgrade() -> None:
    """把数据库结构升级到当前版本。"""
    settings = load_settings(keys=False)
    if settings.on_sqlite:
        Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_url)
    click.echo("数据库结构已是最新。")
