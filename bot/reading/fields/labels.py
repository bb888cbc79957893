"""Where labels stand in a text, and for which field; names of materials are labels too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.catalog import Catalog
from bot.reading.labelled.meanings import FOREIGN, MATERIAL, NO_MEANING, Meaning, meanings
from bot.reading.labelled.spelling import key_of, pattern_of
from bot.reading.vocabulary import any_of, any_pattern, words

# pictures, arrows, boxes and stars before a label
_PICTURE = "\u2190-\u21ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_ARROW = "[\u2192\u21d2\u27a1\u2794\u279c\u25b6\u25ba\u00bb\U0001f449]"
_NUMBER = (
    r"(?:[0-9]{1,2}|[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,2}|[A-Za-z])"
)
_BULLET = (
    rf"(?:[\-*\u2022\u00b7>\[({{<\u3010\u300a\u300c\u300e\u3014\u3016\u3008#\"'`~_\u20e3{_PICTURE}]"
    rf"|[(]?{_NUMBER}[ ]?[.\u3001):\uff0e\u20e3])"
)
_BORDER = r"(?:^|(?=[\u3010\u300c\u300e\[])|(?<=[\n,;|/\t\u3002\u3001!?~ \u3011\]({>&\u2026]))"
_OPENING = rf"[ \t]*(?:{_BULLET}[ \t]*){{0,4}}"
_DECORATION = re.compile(rf"[ \t|]*(?:{_BULLET}[ \t]*|{_NUMBER}[ \t]+){{0,6}}")
_BRACKETS = "[({<\u3010\u300a\u300c\u300e\u3014\u3016\u3008*`"
_NOTE = any_pattern(words("values", "notes"))
# what closes a label: brackets, a star, pictures, and what a form notes of it
_CLOSING = re.compile(
    r"(?:(?<=[A-Za-z])\.(?!\.)|[ ]{0,2}(?:[\])}\u3011\u300b\u300d\u300f\u3015\u3017\u3009\"'`*]"
    rf"|(?!{_ARROW})[{_PICTURE}]"
    rf"|[(\[\u3010<][ ]?{_NOTE}[ ]?[)\]\u3011>]"
    r"|\([^()\n]{1,24}\)(?=[*\"'` ]{0,3}(?:[:=|\t\n]|$))|>(?=[ ]{0,2}[:=]))){1,5}"
)
_JOINT = re.compile(rf"[ ]{{0,2}}{any_of(words('labels', 'joint'))}[ ]{{0,2}}", re.IGNORECASE)
# these join two labels only before a colon
_SOFT_JOINT = re.compile(r"[ ]{0,2}[,;\-\u00b7~][ ]{0,2}|[ ]{1,4}|\(|(?=[A-Za-z])")
# labels that say whose the next word is
_OWNERS = ("contact", "applicant", FOREIGN)
_HEADED = re.compile(r"[\W\d_]{0,6}[\u3400-\u9fff]{1,6}")
_MOST_JOINED = 4
_WIDEST_LEAD = 16

_VERB = re.compile(any_of(words("corrections", "verbs")))
_ERROR = any_of(words("corrections", "error"))
_BECOMES = any_of(words("corrections", "becomes"))
_FILLER = rf"{any_of(words('corrections', 'fillers'))}{{0,3}}"
_FIX = (
    rf"{_FILLER}{_ERROR}[\s,;:.!\u3002\u2026]{{0,3}}(?:{_BECOMES}[ :]?)?"
    rf"|[ ,]?{any_of(word for word in words('corrections', 'becomes') if len(word) > 1)}[ :]?"
)
_OWN = any_of(
    (*words("labels", "own"), *words("corrections", "verbs"), *words("corrections", "wishes"))
)
_MARK = re.compile(
    rf"(?P<colon>[ \t]{{0,8}}(?:[:=\ufe30]+>?|{_ARROW}+"
    r"|-+>|-{2,}|>{2,}|\u2026{1,24}|\.{3,12}|_{2,20}:?|[|\u2502\u2503]{1,2})[ \t]*)"
    rf"|(?P<fix>{_FIX})|(?P<copula>[ ]?{any_of(words('labels', 'copula'))}[ ]?)"
    r"|(?P<line>[ \t]{0,8}(?=\n|$))"
    r"|(?P<gap>[ \t]{0,8}[,\u3001;/\-~>\\_\u00b7.]?[ \t]{0,8})"
)
_TAILS = words("orgs", "label_like")
_BEFORE_TAILS = words("orgs", "before_label_like")

COLON, FIX, COPULA, GAP, LINE, NOTHING = "colon", "fix", "copula", "gap", "line", "nothing"


@dataclass(frozen=True)
class Label:
    """A label found: the fields it names, where it begins, and where its value may begin.

    `mark` is what stood between: a colon, a copula, a gap or nothing, `gap` the first character of
    it; `opens` says whether the label begins a line or a part of one, `leads` whether a line.
    `joined` are the fields of each of several labels that share one value.
    """

    fields: tuple[str, ...]
    word: str
    start: int
    named: int
    end: int
    mark: str
    opens: bool
    leads: bool = False
    gap: str = ""
    corrects: bool = False
    joined: tuple[tuple[str, ...], ...] = ()
    meaning: Meaning = NO_MEANING

    @property
    def sure(self) -> bool:
        """Whether whatever stands behind it is its value."""
        return self.mark in (COLON, LINE)


class Labels:
    """Every label there is, for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._meanings = meanings(catalog)
        self._glued = frozenset(map(key_of, words("labels", "glued")))
        self.any = pattern_of(meaning.spelt for meaning in self._meanings.values())
        self._start = re.compile(
            rf"(?P<opens>{_BORDER}{_OPENING}(?P<own>(?:{_OWN}){{1,3}})?)?(?P<label>{self.any})",
            re.IGNORECASE,
        )
        self._label = re.compile(self.any, re.IGNORECASE)

    def find(self, plain: str) -> Iterator[Label]:
        """Whatever may be a label, in order; whether it is one depends on its value."""
        position = 0
        while found := self._start.search(plain, position):
            label = self._at(plain, found)
            if label is not None:
                yield label
            # 泳池水检测 地址: no label of two words begins inside a word
            position = found.start("label") + 1
            if label is not None:
                position = label.end if label.mark == COLON else label.named

    def meaning_of(self, label: str) -> Meaning | None:
        """What a label stands for, if it is one."""
        return self._meanings.get(key_of(label))

    def field_of(self, label: str) -> str:
        """The field (or material name) a label stands for."""
        return self._meanings[key_of(label)].fields[0].removeprefix(MATERIAL)

    def may_stand_inside(self, word: str) -> bool:
        """Whether this label is specific enough to be one in the middle of a line."""
        return key_of(word) in self._glued

    def _at(self, plain: str, found: re.Match[str]) -> Label | None:
        """The label that was found here, with the others that share its value."""
        whole = self._label.match(plain, found.start("own")) if found["own"] else None
        # 变更说明 is one label, no wish to change a 说明
        own = not (whole and whole.end() >= found.end("label")) and found["own"]
        start = _own_start(plain, found) if own or not whole else whole.start()
        meaning = self.meaning_of(plain[start : found.end("label")])
        if meaning is None:
            return None
        opens = found["opens"] is not None and start <= found.start("label")
        if self._is_split(plain, start, found.end("label"), opens=opens):
            return None
        if not opens and meaning.swallows:
            start, meaning = self._head(plain, start, found.end("label"), meaning)
        begin = found.start() if opens else start
        leads = opens and _leads(plain, begin, found.start("own") if own else start)
        headed = not opens and is_headed(plain, start)
        joined, named = self._joined(
            plain, found.end("label"), meaning, opens=opens or headed, leads=leads
        )
        mark, gap, end = _mark_at(plain, named, plain[begin:start])
        return Label(
            tuple(dict.fromkeys(field for one in joined for field in one)),
            meaning.spelt,
            begin,
            named,
            end,
            mark,
            opens,
            leads,
            gap,
            corrects=mark == FIX or _VERB.search(own or "") is not None,
            joined=joined if len(set(joined)) > 1 else (),
            meaning=meaning,
        )

    def _is_split(self, plain: str, start: int, end: int, *, opens: bool) -> bool:
        """Whether a Chinese label with a blank in it is two words, not one label.

        It begins inside a word, or its second half is the head of a longer label.
        """
        said = plain[start:end]
        if " " not in said or said.isascii():
            return False
        if not opens and plain[start - 1 : start] not in ("", " "):
            return True
        behind = self._label.match(plain, start + said.rindex(" ") + 1)
        return behind is not None and behind.end() > end

    def _head(self, plain: str, start: int, end: int, whole: Meaning) -> tuple[int, Meaning]:
        """The label without the part that names an owner."""
        at, left = start, whole.swallows
        while left:
            left -= plain[at] != " "
            at += 1
        head = self.meaning_of(plain[at:end])
        return (at, head) if head else (start, whole)

    def _joined(
        self, plain: str, end: int, meaning: Meaning, *, opens: bool, leads: bool
    ) -> tuple[tuple[tuple[str, ...], ...], int]:
        """The fields of every label that shares one value, and where the last of them ends."""
        found, ends, firm = [meaning.fields], [end], 1
        owner = opens and meaning.fields[0] in _OWNERS
        head = self._label.match(plain, end) if owner else None
        if head is not None:
            # 法人 and 手机, 报检人 and 电话: whose it is, and what
            whole = self.meaning_of(head.group())
            end = head.end()
            meaning = meaning if FOREIGN in meaning.fields or not whole else whole
            found, ends = [meaning.fields], [end]
        while opens and len(found) < _MOST_JOINED:
            joint = _JOINT.match(plain, ends[-1])
            soft = _SOFT_JOINT.match(plain, ends[-1]) if leads and not joint else None
            between = joint or soft
            following = self._label.match(plain, between.end()) if between else None
            further = self.meaning_of(following.group()) if following else None
            if following is None or further is None:
                break
            found.append(further.fields)
            ends.append(following.end())
            firm = len(found) if joint else firm
        if len(found) > 1:
            kept = self._kept(plain, ends, firm)
            found, ends = found[:kept], ends[:kept]
        return tuple(found), ends[-1]

    def _kept(self, plain: str, ends: list[int], firm: int) -> int:
        """How many of several labels are one: soft joints need a colon, others no value behind."""
        mark, _, end = _mark_at(plain, ends[-1], "")
        if mark == COLON:
            return len(ends)
        if mark == LINE:
            # 职务、老板 in a column of such lines
            below = self._start.match(plain, end + 1)
            return 1 if end == len(plain) or (below and below["opens"] is not None) else firm
        return firm


def _own_start(plain: str, found: re.Match[str]) -> int:
    """Behind the tail of a company name that the label swallowed (`..有限公司地址`)."""
    start = found.start("label")
    for tail in () if found["opens"] is not None else _TAILS:
        before = plain[max(0, start - 2) : start]
        if found["label"].startswith(tail) and before in _BEFORE_TAILS:
            return start + len(tail)
    return start


def is_headed(plain: str, start: int) -> bool:
    """Whether only a word stands before a label in its line: whose it is, or what for."""
    line = plain.rfind("\n", 0, start) + 1
    return start - line <= _WIDEST_LEAD and _HEADED.fullmatch(plain, line, start) is not None


def _leads(plain: str, begin: int, start: int) -> bool:
    """Whether nothing but numbers, bullets and pictures stands before it in its line."""
    line = plain.rfind("\n", 0, begin + 1) + 1
    return start - line <= _WIDEST_LEAD and _DECORATION.fullmatch(plain, line, start) is not None


def _mark_at(plain: str, named: int, opening: str) -> tuple[str, str, int]:
    """What stands behind a label: the mark, the character of a gap, and where a value may begin."""
    closing = _CLOSING.match(plain, named)
    at = closing.end() if closing else named
    found = _MARK.match(plain, at)
    if found is None:
        return NOTHING, "", at
    mark = found.lastgroup or NOTHING
    gap = found["gap"] or ""
    if closing and mark == GAP and any(char in _BRACKETS for char in opening):
        return COLON, "", found.end()
    if mark == GAP and not gap:
        mark = NOTHING
    if mark == COLON:
        gap = found["colon"]
    return mark, gap.strip(" ")[:1] or gap[:1], found.end()
