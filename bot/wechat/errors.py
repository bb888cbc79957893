"""What each error code of the platforms means for the message that met it.

Sources: the code list of developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
and developer.work.weixin.qq.com/document/path/90313, read in 2026-08. A code that stands in
neither table is final: the message fails where staff see it, instead of being tried for days.
"""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.retry import Failure
from bot.messages import Channel

F = Failure


class About(StrEnum):
    """What a refusal is about: what has to change before the same is sent that way again."""

    # what the person's last act allows is over or used up
    WINDOW = "window"
    # no notice is wanted, or none any more
    CONSENT = "consent"
    # nothing reaches this person until they write or follow
    PERSON = "person"
    # that way cannot carry what this push holds
    WORDS = "words"
    # the template is not ours: the same for every push until somebody puts the catalogue right
    TEMPLATE = "template"
    # the call is closed to the whole account
    ACCOUNT = "account"
    # anything else: `Failure` alone says what to do
    NOTHING = "nothing"


# api.weixin.qq.com
OFFICIAL: Mapping[int, Failure] = {
    -1: F.AGAIN,  # system busy
    # the token: renewed once
    40001: F.REAUTH,  # not valid, or not the latest
    40014: F.REAUTH,  # not a token
    42001: F.REAUTH,  # expired
    # the account or its settings: somebody has to act
    40013: F.ALARM,  # appid
    40036: F.ALARM,  # template_id length
    40037: F.ALARM,  # template_id; also seen without cause, so it is tried again
    40125: F.ALARM,  # secret
    40164: F.ALARM,  # our address is not on the white-list
    40200: F.ALARM,  # not for this type of account
    40243: F.ALARM,  # secret frozen
    41002: F.ALARM,  # no appid
    41004: F.ALARM,  # no secret
    48001: F.ALARM,  # call not granted to this account
    48004: F.ALARM,  # call banned
    48006: F.ALARM,  # clear_quota used up
    50002: F.ALARM,  # limited, perhaps banned for a breach of the rules
    61004: F.ALARM,  # address not on the white-list
    61007: F.ALARM,  # not granted to the third-party platform
    89503: F.ALARM,  # the administrator has to confirm our address
    # the person cannot be written to now
    40003: F.UNREACHABLE,  # openid of nobody here
    43004: F.UNREACHABLE,  # does not follow
    43019: F.UNREACHABLE,  # on the account's black-list
    43101: F.UNREACHABLE,  # consent refused or used up
    45015: F.UNREACHABLE,  # window closed
    45047: F.UNREACHABLE,  # messages of the window used up
    48002: F.UNREACHABLE,  # refuses our messages
    # quotas
    45009: F.WAIT,  # of the day
    45011: F.WAIT,  # of the minute
    # the message itself
    40007: F.NEVER,  # media_id, or older than three days
    40029: F.NEVER,  # OAuth code invalid
    40163: F.NEVER,  # OAuth code used
    41001: F.NEVER,  # sent without a token
    42003: F.NEVER,  # OAuth code expired
    43002: F.NEVER,  # wants POST
    44002: F.NEVER,  # empty body
    44004: F.NEVER,  # empty content
    45001: F.NEVER,  # media too large
    45002: F.NEVER,  # content too long
    45008: F.NEVER,  # more than one article
    45072: F.NEVER,  # typing: command
    45080: F.NEVER,  # typing: nothing in the last 30 s
    45081: F.NEVER,  # typing: already
    46003: F.NEVER,  # no menu
    47001: F.NEVER,  # not JSON
    47003: F.NEVER,  # a template value breaks its type's rule
    50001: F.NEVER,  # the person did not authorise it
    70000: F.NEVER,  # protection of minors
}

# qyapi.weixin.qq.com
WECOM: Mapping[int, Failure] = {
    -1: F.AGAIN,  # system busy
    45033: F.AGAIN,  # too many calls at once
    # the token: renewed once
    40014: F.REAUTH,  # not valid
    42001: F.REAUTH,  # expired
    # the app or its settings: somebody has to act
    40001: F.ALARM,  # secret
    40013: F.ALARM,  # corpid
    40056: F.ALARM,  # agentid
    43009: F.ALARM,  # corporation not verified
    43012: F.ALARM,  # no callback address, so no callback cards
    48002: F.ALARM,  # call not granted
    50001: F.ALARM,  # redirect domain
    50002: F.ALARM,  # member outside the app's range
    60011: F.ALARM,  # no privilege
    60020: F.ALARM,  # our address is not trusted
    301002: F.ALARM,  # agent not granted
    # the member cannot be written to
    40003: F.UNREACHABLE,  # userid
    40032: F.UNREACHABLE,  # userid
    43004: F.UNREACHABLE,  # does not follow the WeChat plug-in
    60111: F.UNREACHABLE,  # userid of nobody here
    81012: F.UNREACHABLE,  # outside the app's range
    81013: F.UNREACHABLE,  # no valid receiver
    # quotas
    45009: F.WAIT,  # of the minute, hour or day
    # a card of this task was sent before: on a repeat that is what was wanted
    42014: F.DONE,
    # the message itself
    40007: F.NEVER,  # media_id
    40029: F.NEVER,  # OAuth code
    40035: F.NEVER,  # parameter
    40058: F.NEVER,  # parameter
    40096: F.NEVER,  # external_userid
    41001: F.NEVER,  # sent without a token
    42003: F.NEVER,  # OAuth code
    42022: F.NEVER,  # OAuth code
    **dict.fromkeys(range(42015, 42021), F.NEVER),  # a field of the card
    **dict.fromkeys(range(42027, 42052), F.NEVER),  # a field of the card
    42052: F.NEVER,  # too late to recall
    44004: F.NEVER,  # empty content
    45002: F.NEVER,  # content too long
    47001: F.NEVER,  # not JSON
    60140: F.NEVER,  # response_code used or expired
}

# the calls kf/… of qyapi.weixin.qq.com, beside all of the above (W:90313)
KF: Mapping[int, Failure] = {
    **WECOM,
    # the client cannot be written to now
    95001: F.UNREACHABLE,  # five messages were sent
    95002: F.UNREACHABLE,  # 48 hours are over
    95013: F.UNREACHABLE,  # the session has ended
    95018: F.UNREACHABLE,  # the session is somebody else's
    95031: F.UNREACHABLE,  # has not written for 48 hours
    # our own msgid was taken before
    95033: F.DONE,
    # the account or its settings: somebody has to act
    60030: F.ALARM,  # servicer outside the app's range
    60251: F.ALARM,  # not in the permission group
    60252: F.ALARM,
    60253: F.ALARM,
    95017: F.ALARM,  # the API is switched off for this account
    # the call itself
    95000: F.NEVER,  # open_kfid
    95003: F.NEVER,  # cannot be sent; the pages say no more
    95004: F.NEVER,  # cannot be sent; the pages say no more
    95007: F.NEVER,  # the token of a bell; asked once more without it
    95008: F.NEVER,  # more than ten options
    95009: F.NEVER,  # menu
    95011: F.NEVER,  # reception mode
    95012: F.NEVER,  # reception mode
    95014: F.NEVER,  # no servicer, or not activated
    95016: F.NEVER,  # no such change of a session
    95019: F.NEVER,  # the servicer has stopped
    95030: F.NEVER,
}


def judge(table: Mapping[int, Failure], code: int) -> Failure:
    """What the code means; a code nobody has described is final."""
    return table.get(code, F.NEVER)


A = About
ABOUT_OFFICIAL: Mapping[int, About] = {
    45015: A.WINDOW,
    45047: A.WINDOW,
    43101: A.CONSENT,
    40003: A.PERSON,
    43004: A.PERSON,
    43019: A.PERSON,
    48002: A.PERSON,
    45002: A.WORDS,
    47003: A.WORDS,
    40036: A.TEMPLATE,
    40037: A.TEMPLATE,
    48001: A.ACCOUNT,
    48004: A.ACCOUNT,
    50002: A.ACCOUNT,
    61007: A.ACCOUNT,
}
ABOUT_KF: Mapping[int, About] = {
    95001: A.WINDOW,
    95002: A.WINDOW,
    95013: A.WINDOW,
    95018: A.WINDOW,
    95031: A.WINDOW,
    40096: A.PERSON,
    43009: A.ACCOUNT,
    48002: A.ACCOUNT,
    60251: A.ACCOUNT,
    60252: A.ACCOUNT,
    60253: A.ACCOUNT,
    95017: A.ACCOUNT,
}


def about(channel: Channel, code: int | None) -> About:
    """What a message to a client was refused for; of staff there is no other way to choose."""
    table = {Channel.OFFICIAL: ABOUT_OFFICIAL, Channel.KF: ABOUT_KF}.get(channel, {})
    return A.NOTHING if code is None else table.get(code, A.NOTHING)
