"""catalog.yaml: from its text to a Catalog, or to everything that is wrong with it."""

from collections.abc import Mapping

import jinja2
from jinja2.sandbox import SandboxedEnvironment
from pydantic import ValidationError

from bot.domain import catalog_rules
from bot.domain.catalog import Catalog, Faq, Material, MaterialNote
from bot.domain.catalog_words import Problem, problems
from bot.domain.located import Finding, Tree, read
from bot.domain.schema_findings import schema_findings


class CatalogError(Exception):
    """The file cannot be used; `problems` are all of them, in the order of the file."""

    def __init__(self, found: tuple[Problem, ...]) -> None:
        self.problems = found
        super().__init__("\n".join(str(problem) for problem in found))


def parse(text: str | bytes, name: str = "catalog.yaml") -> Catalog:
    """The catalogue written in `text`; CatalogError names everything that is wrong with it.

    Bytes are taken for UTF-8; what an editor saved in another encoding is a problem like others.
    """
    file = read(decoded(text, name).removeprefix("\ufeff"))
    findings, catalog = list(file.findings), None
    if isinstance(file.tree, dict):
        catalog, further = judged(file.tree)
        # what could not be read at all is not complained of again as being empty
        findings += (one for one in further if not file.unread(one.path))
    elif not findings:
        findings.append(Finding((), "empty"))
    if catalog is None or findings:
        raise CatalogError(problems(findings, file, name))
    return catalog


def decoded(text: str | bytes, name: str) -> str:
    """The text of a file."""
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as fault:
        line = text[: fault.start].count(b"\n") + 1
        finding = Finding((), "encoding", line=line)
        raise CatalogError(problems([finding], read(""), name)) from None


def judged(tree: dict[str, Tree]) -> tuple[Catalog | None, list[Finding]]:
    """The catalogue the values make, if they make one, and whatever is wrong with them."""
    findings = list(catalog_rules.findings(tree))
    try:
        catalog = Catalog.model_validate(without_references(tree))
    except ValidationError as fault:
        return None, [*findings, *schema_findings(fault)]
    return answered(settled(catalog, tree)) if not findings else (None, findings)


def without_references(tree: dict[str, Tree]) -> dict[str, Tree]:
    """The values without the qualifications that items name by key; `settled` puts them back."""
    items = tree.get("items")
    if not isinstance(items, list):
        return tree
    freed: list[Tree] = [
        {**item, "qualification": None}
        if isinstance(item, dict) and isinstance(item.get("qualification"), str)
        else item
        for item in items
    ]
    return {**tree, "items": freed}


def settled(catalog: Catalog, tree: Tree) -> Catalog:
    """The catalogue with what the file says once, of materials and qualifications, put in place."""
    named = dict(catalog_rules.texts(tree, "items.*.qualification"))
    items = []
    for index, item in enumerate(catalog.items):
        key = named.get(("items", index, "qualification"))
        held = catalog.qualifications[key] if key else item.qualification
        materials = noted(item.materials, catalog.materials)
        items.append(item.model_copy(update={"qualification": held, "materials": materials}))
    standing = noted(catalog.standing, catalog.materials)
    return catalog.model_copy(update={"items": tuple(items), "standing": standing})


def noted(
    materials: tuple[Material, ...], notes: Mapping[str, MaterialNote]
) -> tuple[Material, ...]:
    """Materials with the hint and labels noted of them, where they have none of their own."""
    made = []
    for one in materials:
        note = notes.get(one.name, MaterialNote())
        words = {"hint": one.hint or note.hint, "labels": one.labels or note.labels}
        made.append(one.model_copy(update=words))
    return tuple(made)


def answered(catalog: Catalog) -> tuple[Catalog, list[Finding]]:
    """The catalogue with what the FAQ quotes of it filled in, and the quotes that lead nowhere."""
    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False)
    quotable = {
        name: getattr(catalog, name)
        for name in ("agency", "departments", "categories", "qualifications")
    }
    answers: list[Faq] = []
    findings: list[Finding] = []
    for index, one in enumerate(catalog.faq):
        try:
            answer = environment.from_string(one.answer).render(quotable)
        except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError) as fault:
            findings.append(Finding(("faq", index, "answer"), "answer", {"problem": str(fault)}))
        else:
            answers.append(one.model_copy(update={"answer": answer}))
    return catalog.model_copy(update={"faq": tuple(answers)}), findings
