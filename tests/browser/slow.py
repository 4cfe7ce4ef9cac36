"""A server that takes its time: searches wait until the test lets them go, in whatever order."""

from urllib.parse import parse_qs, urlsplit


class Slow:
    """Holds back the searches of a page from now on; `waiting` has them by their query."""

    def __init__(self, page):
        self.waiting = {}
        self._page = page
        page.route(lambda url: urlsplit(url).path == "/search", self._hold)

    def _hold(self, route):
        self.waiting[parse_qs(urlsplit(route.request.url).query)["q"][0]] = route

    def wait_for(self, query):
        """Returns once the page has asked for it."""
        for _ in range(100):
            if query in self.waiting:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError(f"{query!r} was not asked for, but {list(self.waiting)}")

    def let_go(self, query):
        """Answers; the page may have given the request up meanwhile, which is then no error."""
        self.waiting.pop(query).continue_()
