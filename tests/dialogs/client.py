"""A client who answers in any order; each message comes with the book it must lead to."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from tests.dialogs.book import FIELDS, PHONE, Book, Message, with_noted
from tests.dialogs.bubble import Bubble
from tests.dialogs.people import CORRECTIONS, NONSENSE, PHONES, other_value, value_of
from tests.dialogs.requirement import (
    KIND,
    KINDS,
    Known,
    Required,
    Rules,
    asked_about,
    instead,
    kinds_of_material,
    question,
    required,
)

LATER = "稍后"
OFTEN = 3
WRONG_PHONES = ("电话1390000111", "电话139000011112")
OPTIONS = ("报告寄给我", "电子版就行", "加急", "不急", "不用邮寄了", "派人来取样")
KEPT_STEPS = 3
# phrases that say something of the speaker as well
ABOUT_ME = re.compile("我|本人|厂|企业|店|老板|法人|公司|超市|食堂")
# phrases that, once the question is answered, rather correct what was given here
CORRECTS = re.compile("^改|变了$")
OFFER = re.compile("您提到“(.+?)”，请问是")


Move = Callable[[Bubble], Message | None]


@dataclass
class Client:
    """`truth` is what the client knows to be so, asked or not; `book` what has been told."""

    rules: Rules
    dice: Random
    truth: Known = field(init=False)
    book: Book = field(init=False)
    before: list[Book] = field(default_factory=list)
    changing: str = ""
    photos: int = 0
    # where photos go that follow right behind one that found its place
    filing: str = ""
    # wrong phones in a row
    wrong: int = 0

    def __post_init__(self) -> None:
        ids = [item["id"] for item in self.rules["items"]]
        items = tuple(self.dice.sample(ids, self.dice.choice((1, 1, 2, 3))))
        facts = {one: self.dice.random() < 0.5 for one in asked_about(self.rules, items)}
        self.truth = Known(items, self.dice.choice(KINDS), facts)
        self.book = Book(replace(self.truth, kind=None, facts={}))

    def reads(self, message: Message, bubble: Bubble) -> None:
        """The reply came: write down what it shows, and remember what 上一步 goes back to."""
        self.count_phones(message, bubble)
        pictures = ("photo", "loose")
        went = (n for n in message.said if message.after.values.get(n, "").startswith(pictures))
        self.filing = next(went, self.filing if message.photo else "")
        if message.back:
            self.book = self.before.pop() if self.before else self.book
            self.book = replace(self.book, parked=self.wrong >= OFTEN)
            return
        book = with_noted(self.rules, self.truth, message, bubble)
        book = replace(book, parked=self.wrong >= OFTEN)
        if replace(book, parked=self.book.parked) != self.book:
            self.before = [*self.before, self.book][-KEPT_STEPS:]
        self.book = book

    def says(self, last: Bubble) -> Message:
        """The next message, after having read the last bubble."""
        answer = self.when_asked(last)
        if answer is not None:
            return answer
        often: list[Move] = [self.block, self.by_number]
        seldom: list[Move] = [self.fact, self.correction, self.later, self.photo, self.bare]
        rarely: list[Move] = [self.go_back, self.register_first, self.change, self.another]
        wishes: list[Move] = [self.option, self.promise_all, self.wrong_phone]
        moves = often * 6 + seldom * 2 + wishes + [*rarely, self.nonsense]
        return self.dice.choice(moves)(last) or self.nonsense(last)

    def when_asked(self, last: Bubble) -> Message | None:
        """The answer to a question that stands alone in a bubble."""
        if "已暂停登记" in last.text:
            return self.quiet("继续")
        if "请发新的" in last.text:
            return self.new_value()
        if "请问要改哪一项" in last.text:
            return self.pick(last)
        if OFFER.search(last.text):
            return self.decide(last)
        if last.is_summary and self.dice.random() < 0.3:
            return self.quiet("确认")
        return self.which(last) if last.is_which and self.dice.random() < 0.8 else None

    # the moves: a message, or None if there is nothing to say of that sort

    def block(self, _: Bubble) -> Message | None:
        """Several labelled lines in one message, some of them perhaps not asked for yet."""
        wanted = self.wanted()
        letters = kinds_of_material(self.rules, self.book.known.items)
        optional = {name for name in wanted.optional if letters[name] == "T"}
        names = sorted(wanted.fields | wanted.typed | optional)
        if not names:
            return None
        some = self.dice.sample(names, min(len(names), self.dice.choice((1, 2, 3, 6, 12))))
        values = {name: self.value(name) for name in some}
        text = "\n".join(f"{name}：{value}" for name, value in values.items())
        return Message(text, self.book.giving(values), frozenset(values))

    def by_number(self, last: Bubble) -> Message | None:
        """Answers by the numbers of the list just read."""
        if not last.numbers:
            return None
        count = min(len(last.numbers), self.dice.choice((1, 2, 3, 5)))
        numbers = sorted(self.dice.sample(sorted(last.numbers), count))
        book, lines, said = self.book, [], []
        mark = self.dice.choice(("、", ". ", "："))
        for number in numbers:
            name = last.numbers[number]
            answer, book = self.answer(name, last, book)
            lines.append(f"{number}{mark}{answer}")
            said.append(name)
        return Message("\n".join(lines), book, frozenset(said))

    def answer(self, name: str, last: Bubble, book: Book) -> tuple[str, Book]:
        """What is written behind one number, and the book after it."""
        if name == KIND:
            return str(self.truth.kind), book.being(str(self.truth.kind))
        if name in last.questions:
            condition = self.condition(name)
            truth = self.truth.facts[condition]
            return ("是" if truth else "不是"), book.stating({condition: truth})
        if name in last.uploads or (name in last.typed and self.dice.random() < 0.1):
            return LATER, book.giving({name: LATER})
        value = self.value(name)
        return value, book.giving({name: value})

    def fact(self, last: Bubble) -> Message | None:
        """A deciding fact in the words of the catalogue, or a bare yes to the only question."""
        conditions = asked_about(self.rules, self.book.known.items)
        if not conditions or last.is_which:
            return None
        condition = self.dice.choice(conditions)
        if condition in self.book.known.facts and self.dice.random() < 0.3:
            self.truth = replace(
                self.truth,
                facts={**self.truth.facts, condition: not self.truth.facts[condition]},
            )
        truth = self.truth.facts[condition]
        said = frozenset({question(self.rules, condition)})
        after = self.book.stating({condition: truth})
        if list(last.questions) == list(said) and self.dice.random() < 0.5:
            return Message("是的" if truth else "不是", after, said)
        row = next(one for one in self.rules["conditions"] if one["id"] == condition)
        unclear = CORRECTS if condition in self.book.known.facts else ABOUT_ME
        said_so = row["yes" if truth else "no"]
        plain = [one for one in said_so if not (ABOUT_ME.search(one) or unclear.search(one))]
        return Message(self.dice.choice(plain), after, said) if plain else None

    def correction(self, _: Bubble) -> Message | None:
        """A field taken back and said anew."""
        given = sorted(FIELDS & self.book.values.keys() & set(self.wanted_ever().fields))
        if not given:
            return None
        name = self.dice.choice(given)
        value = other_value(name, self.book.values[name], str(self.truth.kind), self.dice)
        text = self.dice.choice(CORRECTIONS[name]).format(value)
        return Message(text, self.book.giving({name: value}), frozenset({name}))

    def later(self, _: Bubble) -> Message | None:
        """A material promised for another day."""
        names = sorted(self.wanted().uploads & self.wanted_under_this_name())
        if not names:
            return None
        name = self.dice.choice(names)
        text = self.dice.choice(("{}晚点发", "{}过几天补上", "{}到时候带过去")).format(name)
        return Message(text, self.book.giving({name: LATER}), frozenset({name}))

    def count_phones(self, message: Message, bubble: Bubble) -> None:
        """How often in a row a phone could not be taken."""
        if message.text in WRONG_PHONES:
            self.wrong += 1
        elif PHONE in message.said or PHONE in bubble.noted:
            self.wrong = 0

    def option(self, _: Bubble) -> Message:
        """How it is to be done, wished for or taken back."""
        return self.quiet(self.dice.choice(OPTIONS))

    def promise_all(self, last: Bubble) -> Message | None:
        """Everything that is open comes by the window or the post."""
        left = self.book.missing(self.rules)
        names = left.typed | left.uploads
        if not names or last.is_which:
            return None
        text = self.dice.choice(("材料都窗口交", "其余材料邮寄给你们", "到时候一起带过去"))
        return Message(text, self.book.giving(dict.fromkeys(names, LATER)), names)

    def wrong_phone(self, _: Bubble) -> Message | None:
        """A number that cannot be one."""
        known = PHONE in self.book.values
        return None if known else self.quiet(self.dice.choice(WRONG_PHONES))

    def photo(self, _: Bubble) -> Message | None:
        """A picture: it finds its place if only one is open, else the bot asks."""
        left = self.book.missing(self.rules)
        open_ = left.uploads or left.typed
        self.photos += 1
        media = f"photo{self.photos}"
        if self.filing and not left.uploads:
            open_ = frozenset({self.filing})
        if len(open_) != 1:
            return replace(self.quiet(""), photo=media)
        (name,) = open_
        return Message("", self.book.giving({name: media}), frozenset({name}), media)

    def bare(self, _: Bubble) -> Message | None:
        """A value that is unmistakable by its form."""
        known = self.book.values.get("联系电话")
        value = self.dice.choice([one for one in PHONES if one != known])
        return Message(value, self.book.giving({"联系电话": value}), frozenset({"联系电话"}))

    def go_back(self, _: Bubble) -> Message | None:
        """上一步, or a pause."""
        if self.dice.random() < 0.3:
            return self.quiet("取消")
        return replace(self.quiet("上一步"), back=True)

    def register_first(self, last: Bubble) -> Message | None:
        """先登记: possible once only uploads and questions are open, and no photo waits."""
        possible = self.book.registrable(self.rules) and not last.is_which
        return Message("先登记", replace(self.book, skip=self.book.skip or possible))

    def change(self, _: Bubble) -> Message | None:
        """修改 without saying what, once there is something to change."""
        return self.quiet("修改") if len(self.book.values) > 1 else None

    def another(self, _: Bubble) -> Message | None:
        """A further need, named as the catalogue names it."""
        item = self.dice.choice(self.rules["items"])
        return self.quiet(f"还想办{item['name']}") if len(self.book.known.items) < 3 else None

    def nonsense(self, _: Bubble) -> Message:
        """Something that is about nothing."""
        return self.quiet(self.dice.choice(NONSENSE))

    # answers to the questions that stand alone

    def which(self, last: Bubble) -> Message:
        """Which of several the photo or text was."""
        number = self.dice.randrange(len(last.choices))
        name = last.choices[number]
        by_number = str(number + 1) if len(last.choices) > 1 else "是"
        text = name if self.dice.random() < 0.3 else by_number
        return Message(text, self.book.giving({name: f"loose{self.photos}"}), frozenset({name}))

    def pick(self, last: Bubble) -> Message:
        """What is to be changed: anything but the need itself."""
        number = self.dice.randrange(1, len(last.choices))
        self.changing = last.choices[number]
        return self.quiet(str(number + 1))

    def new_value(self) -> Message:
        """What it should be instead."""
        name = self.changing
        if name == KIND:
            kind = self.dice.choice([one for one in KINDS if one != self.truth.kind])
            self.truth = replace(self.truth, kind=kind)
            return Message(kind, self.book.being(kind), frozenset({KIND}))
        if kinds_of_material(self.rules, self.book.known.items).get(name) == "U":
            return Message(LATER, self.book.giving({name: LATER}), frozenset({name}))
        value = other_value(name, self.book.values.get(name, ""), str(self.truth.kind), self.dice)
        return Message(value, self.book.giving({name: value}), frozenset({name}))

    def decide(self, last: Bubble) -> Message:
        """Whether a further need is added, replaces the others, or neither."""
        found = OFFER.search(last.text)
        assert found
        ids = {item["name"]: item["id"] for item in self.rules["items"]}
        number = self.dice.choice((1, 1, 2, 3))
        old = self.book.known.items
        items = {1: (*old, ids[found[1]]), 2: (ids[found[1]],), 3: old}[number]
        facts = {one: self.dice.random() < 0.5 for one in asked_about(self.rules, items)}
        self.truth = replace(self.truth, items=items, facts={**facts, **self.truth.facts})
        return Message(str(number), replace(self.book, known=replace(self.book.known, items=items)))

    # what the client knows

    def quiet(self, text: str) -> Message:
        """A message that tells nothing new."""
        return Message(text, self.book)

    def value(self, name: str) -> str:
        """What the client writes under a name."""
        return value_of(name, str(self.truth.kind), self.dice)

    def wanted_ever(self) -> Required:
        """Everything the client will have to give in the end, asked for yet or not."""
        return required(self.rules, replace(self.truth, items=self.book.known.items))

    def wanted(self) -> Required:
        """What of it is not given yet; who asks is said in other ways."""
        left = self.wanted_ever().minus(frozenset(self.book.values))
        return replace(left, fields=left.fields - {KIND})

    def wanted_under_this_name(self) -> frozenset[str]:
        """The materials whose name does not depend on a kind of client nobody knows yet."""
        known = self.book.known
        names = kinds_of_material(self.rules, known.items)
        return frozenset(one for one in names if instead(self.rules, one, known.kind) == one)

    def condition(self, asked: str) -> str:
        """The condition behind a question."""
        return next(str(o["id"]) for o in self.rules["conditions"] if o["question"] == asked)
