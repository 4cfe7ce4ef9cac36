"""The web app over a small archive in memory."""

import pytest
from fake_archive import fake_archive

from webapp import create_app


@pytest.fixture
def archive():
    return fake_archive()


@pytest.fixture
def client(archive):
    """A reader who prefers English."""
    client = create_app(archive).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def korean_client(archive):
    """A reader who prefers Korean."""
    client = create_app(archive).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ko-KR,ko;q=0.9,en;q=0.5"
    return client


@pytest.fixture
def hostile_client():
    """Over an archive with a document that tries to break out of the page."""
    return create_app(fake_archive(hostile=True)).test_client()
