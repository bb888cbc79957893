"""The menu below the chat of the staff app: a tap on it is the order that stands on it."""

from collections.abc import Mapping
from hashlib import blake2b
from json import dumps

from bot.messages import Channel, Inbound, Kind, Say
from bot.render import Renderer

# what stands below each button: the texts `menu/<name>`, each an order as staff type it
BELOW: Mapping[str, tuple[str, ...]] = {
    "look": ("list", "voices", "improve", "privacy", "help"),
    "act": ("take", "accept", "start", "step", "finish"),
    "more": ("supplement", "answer", "transfer", "off", "on"),
}
CLICK = "click"


def menu(renderer: Renderer) -> dict[str, object]:
    """As the platform takes it."""

    def leaf(name: str) -> dict[str, str]:
        order = renderer.text(Say(f"menu/{name}"))
        return {"type": CLICK, "name": order, "key": order}

    buttons = [
        {"name": renderer.text(Say(f"menu/{top}")), "sub_button": [leaf(one) for one in names]}
        for top, names in BELOW.items()
    ]
    return {"button": buttons}


def mark(wanted: Mapping[str, object]) -> str:
    """The name under which it is remembered that this very menu is shown."""
    digest = blake2b(dumps(wanted, sort_keys=True).encode(), digest_size=8)
    return f"menu {digest.hexdigest()}"


def as_typed(inbound: Inbound, renderer: Renderer) -> Inbound:
    """A tap on the menu as the order typed; whatever an old menu still offers asks for help."""
    event = inbound.event
    if inbound.channel is not Channel.WECOM or event is None or event.name != CLICK:
        return inbound
    orders = {renderer.text(Say(f"menu/{one}")) for names in BELOW.values() for one in names}
    text = event.key if event.key in orders else renderer.text(Say("menu/help"))
    return Inbound(
        key=inbound.key,
        channel=inbound.channel,
        person=inbound.person,
        account=inbound.account,
        at=inbound.at,
        kind=Kind.TEXT,
        text=text,
    )
