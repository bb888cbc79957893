"""Looks at the whole set-up and says in words what is not as it should be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.wechat.checks import callbacks, house, official, wecom
from bot.wechat.checks.findings import Check, Finding, Patient

__all__ = ["STEPS", "Patient", "Result", "State", "examine", "healthy"]


class State(StrEnum):
    """How one check ended."""

    FINE = "fine"
    # not wrong, but perhaps not meant so
    ADVICE = "advice"
    WRONG = "wrong"
    # it can tell nothing before something else is put right
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Step:
    """One check, and those that have to be fine before it can tell anything."""

    check: Check
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What one check found; `because` names what kept it from looking."""

    name: str
    state: State
    findings: tuple[Finding, ...] = ()
    because: str = ""


SET = ("settings", "keys")
STORED = (*SET, "schema")
OA, APP = (*STORED, "oa_token"), (*STORED, "wecom_token")

# in the order in which a new office is set up
STEPS: Mapping[str, Step] = {
    "settings": Step(house.settings),
    "keys": Step(house.keys, ("settings",)),
    "folder": Step(house.folder),
    "schema": Step(house.schema),
    "clock": Step(house.clock),
    "public_url": Step(callbacks.address, SET),
    "callback_oa": Step(callbacks.official, (*SET, "public_url")),
    "callback_wecom": Step(callbacks.wecom, (*SET, "public_url")),
    "callback_kf": Step(callbacks.kf, (*SET, "public_url")),
    "worker": Step(house.worker, ("schema",)),
    "oa_token": Step(official.token, SET),
    "oa_templates": Step(official.templates, OA),
    "oa_subscriptions": Step(official.subscriptions, OA),
    "oa_menu": Step(official.menu, OA),
    "wecom_token": Step(wecom.token, SET),
    "wecom_agent": Step(wecom.agent, APP),
    "wecom_members": Step(wecom.members, (*APP, "wecom_agent")),
    "kf_token": Step(wecom.kf_token, SET),
    "kf_account": Step(wecom.kf_account, (*STORED, "kf_token")),
}


def examine(patient: Patient) -> tuple[Result, ...]:
    """What each check found, in order."""
    results: dict[str, Result] = {}
    for name, step in STEPS.items():
        ill = next((one for one in step.needs if results[one].state in ILL), "")
        if ill:
            results[name] = Result(name, State.SKIPPED, because=ill)
            continue
        findings = tuple(step.check(patient))
        results[name] = Result(name, state_of(findings), findings)
    return tuple(results.values())


ILL = frozenset({State.WRONG, State.SKIPPED})


def state_of(findings: tuple[Finding, ...]) -> State:
    """How a check with these findings ended."""
    if any(not one.advice for one in findings):
        return State.WRONG
    return State.ADVICE if findings else State.FINE


def healthy(results: tuple[Result, ...]) -> bool:
    """Whether nothing has to be put right."""
    return all(one.state not in ILL for one in results)
