"""A real Chromium before the real app over the sample archive.

Only htmx comes from elsewhere; here the CDN's place is taken by the npm package of the same version, so that
the browser checks `integrity` in earnest.  Where Chromium or npm is missing the tests skip and say so; in
CI they fail.
"""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
import waitress
from playwright.sync_api import expect, sync_playwright

from webapp import create_app
from webapp.cdn import HTMX_URL, HTMX_VERSION

from .complaints import Complaints

AXE_VERSION = "4.14.1"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
"""Milliseconds that a page may take on a machine that does other things, too."""
QUIETLY = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": 120}
LOCALES = {"en": "en-GB", "ko": "ko-KR"}
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`));
"""


def chromium():
    return os.environ.get("HANYEONG_CHROMIUM") or shutil.which("chromium")


def missing(what):
    """Without it there is no test: skipped on somebody's own machine, failed in CI."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def pytest_runtest_setup(item):
    """Skips here and not in a fixture, so that pytest tells the reason once and not for each test."""
    if item.get_closest_marker("browser"):
        if not chromium():
            missing("there is no chromium on the PATH (HANYEONG_CHROMIUM may name one)")
        if not shutil.which("npm"):
            missing("there is no npm on the PATH to get htmx and axe-core with")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def npm_file(request):
    """Gets one file of an npm package; packages are kept in pytest's cache."""
    packages = Path(request.config.cache.mkdir("npm"))

    def get(package, version, name):
        kept = packages / f"{package}-{version}.tgz"
        if not kept.exists():
            fetch(f"{package}@{version}", kept)
        with tarfile.open(kept) as tgz:
            return tgz.extractfile(f"package/{name}").read()

    def fetch(package, kept):
        with TemporaryDirectory(dir=packages) as folder:
            npm = ["npm", "pack", "--silent", package]
            done = subprocess.run(npm, cwd=folder, check=False, **QUIETLY)
            if done.returncode:
                missing(f"npm pack {package} failed: {done.stderr.strip() or done.stdout.strip()}")
            (Path(folder) / kept.name).replace(kept)

    return get


@pytest.fixture(scope="session")
def htmx(npm_file):
    return npm_file("htmx.org", HTMX_VERSION, "dist/htmx.min.js")


@pytest.fixture(scope="session")
def axe(npm_file):
    """The script that checks a page for accessibility."""
    return npm_file("axe-core", AXE_VERSION, "axe.min.js").decode()


@pytest.fixture(scope="session")
def site(sample_archive):
    """The URL of the running app."""
    server = waitress.create_server(create_app(sample_archive), host="127.0.0.1", port=0, threads=8)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(server.close)  # in the thread of the server, which is waiting in select()
    thread.join(timeout=2)
    server.task_dispatcher.shutdown()


@pytest.fixture
def asked():
    """The URLs that the pages of this test asked for, in order."""
    return []


@pytest.fixture
def complaints():
    """What the pages of this test complained about."""
    return Complaints()


@pytest.fixture
def visit(browser, site, htmx, asked, complaints):
    """Opens a browser window of its own; afterwards no page may have complained or gone astray."""
    contexts = []

    def open_window(lang="en", *, width=1280, height=800, javascript=True, cdn=htmx, **options):
        context = browser.new_context(
            base_url=site,
            locale=LOCALES[lang],
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch(context)
        if cdn is not None:
            context.route("**/*", lambda route: answer(route, cdn))
        return context.new_page()

    def watch(context):
        context.add_init_script(TELL_VIOLATIONS)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        context.on("request", lambda request: asked.append(request.url))
        complaints.listen(context)

    def answer(route, cdn):
        url = route.request.url
        if url == HTMX_URL:
            headers = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(body=cdn, content_type="text/javascript", headers=headers)
        elif url.startswith(f"{site}/"):
            route.continue_()
        else:
            route.abort()

    yield open_window
    for context in contexts:
        context.close()
    assert not complaints.unmeant()
    assert not [url for url in asked if url != HTMX_URL and not url.startswith(f"{site}/")]


@pytest.fixture
def page(visit):
    """A window of a reader who prefers English, on a desk."""
    return visit()
