"""A parsed page, so that tests ask for elements and not for strings."""

from selectolax.lexbor import LexborHTMLParser


class Page:
    def __init__(self, response):
        self.response = response
        self.tree = LexborHTMLParser(response.text)

    def all(self, selector):
        return self.tree.css(selector)

    def one(self, selector):
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements for {selector}"
        return found[0]

    def text(self, selector):
        return " ".join(self.one(selector).text().split())

    def texts(self, selector):
        return [" ".join(node.text().split()) for node in self.all(selector)]

    def hrefs(self, selector):
        return [node.attributes["href"] for node in self.all(selector)]

    def ids(self):
        return [node.attributes["id"] for node in self.all("[id]")]


def get(client, url, **options):
    return Page(client.get(url, **options))
