"""How the platforms say no: every error code we answer with, in their own words."""

import secrets
from collections.abc import Mapping

# api.weixin.qq.com, wechat_platform.md 3 and 4
OFFICIAL: Mapping[int, str] = {
    -1: "system error",
    40001: (
        "invalid credential, access_token is invalid or not latest, could get access_token by "
        "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
    ),
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40029: "invalid code",
    40037: "invalid template_id",
    40053: "invalid action info",
    40055: "invalid button url domain",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip 127.0.0.1, not in whitelist",
    40200: "invalid account type",
    40066: "invalid url",
    41001: "access_token missing",
    42001: "access_token expired",
    42003: "code expired",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45029: "qrcode count out of limit",
    45047: "out of response count limit",
    45072: "command must be Typing or CancelTyping",
    45080: "typing is not allowed: no interaction in the last 30 seconds",
    45081: "already typing",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
}

# qyapi.weixin.qq.com, wechat_platform.md 5.6
WECOM: Mapping[int, str] = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid userid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40033: "invalid charset, should not contain escaped unicode",
    40056: "invalid agentid",
    40058: "invalid parameter",
    40066: "invalid url",
    41001: "access_token missing",
    42001: "access_token expired",
    42014: "taskid has existed or empty or exceed max len",
    42015: "agentid not match with the message",
    42018: "button key invalid",
    42020: "button name missing",
    42027: "template_card.horizontal_content_list.keyname missing",
    42028: "template_card url missing",
    42029: "template_card media_id missing",
    42030: "template_card appid missing",
    42031: "template_card.card_type invalid",
    42033: "template_card title missing",
    42035: "template_card.horizontal_content_list length invalid",
    42036: "template_card.vertical_content_list length invalid",
    42037: "template_card.option_list length invalid",
    42038: "template_card.button_list.text missing or invalid",
    42039: "template_card.button_list.key missing or invalid",
    42040: "template_card.option_list.id missing or invalid",
    42041: "template_card.option_list.text missing or invalid",
    42042: "template_card.jump_list length invalid",
    42043: "template_card.question_key missing or invalid",
    42044: "template_card.card_image.url missing or invalid",
    42045: "template_card.card_action missing or invalid",
    42046: "template_card.submit_button.key missing or invalid",
    42047: "template_card.select_list length invalid",
    42049: "template_card.submit_button.text missing or invalid",
    42050: "template_card.horizontal_content_list.userid missing or invalid",
    42051: "template_card.action_menu.action_list.key conflict",
    43012: "callback url not set",
    44004: "text content is empty",
    45009: "reach max api frequency limit",
    45033: "api concurrent out of limit",
    47001: "data format error",
    60003: "department not found",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60140: "invalid response_code",
    301002: "no privilege to access the agent",
    81013: "user & party & tag all invalid",
    40096: "invalid external userid",
    95000: "invalid open_kfid",
    95001: "send msg count limit",
    95002: "send msg session time limit",
    95007: "invalid msg token",
    95008: "menu item count exceeds limit",
    95014: "not a servicer, or not activated",
    95016: "not allowed to transfer to this state",
    95018: "send msg session status invalid",
    95019: "servicer is not receiving",
    95033: "msgid repeated",
}


class ApiRefusal(Exception):
    """The call is refused with this code; `detail` names the field where the platform does."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code} {detail}".strip())


def official_answer(code: int, detail: str = "") -> dict[str, object]:
    """The JSON of api.weixin.qq.com; the id lets an owner look the call up."""
    text = " ".join(part for part in (OFFICIAL.get(code, "system error"), detail) if part)
    hint = f"hint: [{secrets.token_urlsafe(8)}] " if code in _HINTED else ""
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    return {"errcode": code, "errmsg": f"{text} {hint}rid: {rid}"}


def wecom_answer(code: int, detail: str = "") -> dict[str, object]:
    """The JSON of qyapi.weixin.qq.com."""
    text = " ".join(part for part in (WECOM.get(code, "system busy"), detail) if part)
    hint = f"hint: [{secrets.token_hex(16)}], from ip: 127.0.0.1"
    more = f"more info at https://open.work.weixin.qq.com/devtool/query?e={code}"
    return {"errcode": code, "errmsg": f"{text}, {hint}, {more}"}


_HINTED = frozenset({45015, 45047, 45002, 47001})
