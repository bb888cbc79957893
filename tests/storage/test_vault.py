"""The vault: only the right keys open, old keys go on opening, and nothing shows through."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import Unopenable, Vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values)
def test_whatever_is_json_comes_back_the_same(value: object) -> None:
    vault = Vault([OLD], "lookup")
    assert vault.open(vault.seal(value)) == value


@given(st.binary())
def test_bytes_come_back_the_same(raw: bytes) -> None:
    vault = Vault([OLD], "lookup")
    assert vault.open_bytes(vault.seal_bytes(raw)) == raw


def test_nothing_of_the_value_shows_and_the_same_value_is_sealed_differently() -> None:
    vault = Vault([OLD], "lookup")
    first, second = vault.seal("13804310001"), vault.seal("13804310001")
    assert first != second
    assert b"1380431" not in first


def test_a_new_key_opens_what_the_old_one_sealed_and_can_seal_it_anew() -> None:
    sealed = Vault([OLD], "lookup").seal("text")
    both = Vault([NEW, OLD], "lookup")
    assert both.open(sealed) == "text"
    assert Vault([NEW], "lookup").open(both.rotate(sealed)) == "text"


@pytest.mark.parametrize("spoilt", [b"", b"\x80", b"x" * 100])
def test_what_no_key_opens_says_so_and_not_what_it_holds(spoilt: bytes) -> None:
    with pytest.raises(Unopenable, match="DATA_KEYS"):
        Vault([OLD], "lookup").open(spoilt)
    with pytest.raises(Unopenable):
        Vault([NEW], "lookup").open(Vault([OLD], "lookup").seal("text"))


def test_a_digest_depends_on_the_lookup_key_alone() -> None:
    assert Vault([OLD], "one").digest("138") == Vault([NEW], "one").digest("138")
    assert Vault([OLD], "one").digest("138") != Vault([OLD], "two").digest("138")


def test_a_vault_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Vault([], "lookup")
