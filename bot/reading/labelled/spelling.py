"""How labels are spelt: one pattern for all of them, whatever blanks and capitals they are in."""

import re
from collections.abc import Iterable

# between the words of a label in English, and between the characters of a Chinese one
_ENGLISH_GAP = r"[ _.\-]{0,2}"
_GAP = "[ ]{0,4}"
_LAYOUT = re.compile(r"[ _.\-]")

# a letter -> what may follow it; the empty letter ends a label
Tree = dict[str, "Tree"]


def key_of(label: str) -> str:
    """The one form of a label, under which it is looked up."""
    return _LAYOUT.sub("", label).lower()


def pattern_of(labels: Iterable[str]) -> str:
    """A pattern for the longest of these labels that stands here, used without regard to case.

    It is a tree of their letters, so that a look at one letter rules out all that begin otherwise.
    """
    tree: Tree = {}
    for label in set(labels):
        branch = tree
        for letter in _letters(label):
            branch = branch.setdefault(letter, {})
        branch[""] = {}
    begins = "".join(sorted({re.escape(letter) for letter in tree}))
    return f"(?:(?=[{begins}]){_branches(tree, first=True)})"


def _letters(label: str) -> list[str]:
    """The letters of a label, a gap between its English words as one of them."""
    letters: list[str] = []
    for letter in label.lower():
        if not _LAYOUT.match(letter):
            letters.append(letter)
        elif letters and letters[-1] != " ":
            letters.append(" ")
    return letters


def _branches(tree: Tree, *, first: bool = False) -> str:
    """What may follow; the longer label is tried before the one that ends here."""
    ways = [_one(letter, branch, first=first) for letter, branch in sorted(tree.items()) if letter]
    if not ways:
        return ""
    found = ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
    return f"(?:{found})?" if "" in tree else found


def _one(letter: str, branch: Tree, *, first: bool) -> str:
    if letter == " ":
        return _ENGLISH_GAP + _branches(branch)
    written = re.escape(letter)
    if letter.isascii() and letter.isalpha():
        before = "(?<![A-Za-z])" if first else ""
        behind = "(?![A-Za-z])" if "" in branch else ""
        return before + written + _ending(branch, behind)
    return ("" if first else _GAP) + written + _branches(branch)


def _ending(branch: Tree, behind: str) -> str:
    """Behind a Latin letter: a longer label, or the end of a word."""
    if not behind:
        return _branches(branch)
    longer = _branches({letter: more for letter, more in branch.items() if letter})
    return f"(?:{longer}|{behind})" if longer else behind
