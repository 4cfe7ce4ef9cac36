"""The Korean interface is whole, and what runs is what was written."""

import re
from gettext import GNUTranslations
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from indexer.query import NOTICES

WEBAPP = Path(str(resources.files("webapp")))
FOLDER = WEBAPP / "translations" / "ko" / "LC_MESSAGES"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def ids(message_id):
    return message_id if isinstance(message_id, tuple) else (message_id,)


@pytest.fixture(scope="module")
def catalog():
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="ko")


@pytest.fixture(scope="module")
def used():
    methods = [("**.py", "python"), ("templates/**", "jinja2")]
    extracted = extract_from_dir(WEBAPP, method_map=methods, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in extracted} | set(NOTICES.values())


def test_every_text_of_the_interface_is_in_the_catalog_and_no_other(catalog, used):
    assert {message.id for message in catalog if message.id} == used


def test_every_text_is_translated_and_none_is_fuzzy(catalog):
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy or not message.id


def test_translations_keep_their_placeholders(catalog):
    for message in catalog:
        if message.id:
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = set(PLACEHOLDER.findall(ids(message.id)[-1]))
            assert all(set(PLACEHOLDER.findall(string)) == wanted for string in strings), message.id


def test_the_compiled_catalog_is_in_step(catalog):
    with (FOLDER / "messages.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in catalog:
        if isinstance(message.id, tuple):
            assert compiled.ngettext(*message.id, 1) == message.string[0]
        elif message.id:
            assert compiled.gettext(message.id) == message.string
