"""What a file is called where it is kept and where it is handed out."""

from pathlib import PurePath

LONGEST = 80


def file_name(given: str, suffix: str) -> str:
    """The name a file came by, without folders and what no name holds, ending as what it is."""
    bare = PurePath(given.replace("\\", "/")).name
    seen = "".join(char for char in bare if char.isprintable() and char not in '<>:"|?*')
    stem = seen.rpartition(".")[0] or seen
    return f"{stem.strip('. ')[:LONGEST]}{suffix}" if stem.strip(". ") else ""
