"""What pages complain about: errors of scripts, and whatever the browser notes as an error in its console."""

GIVEN_UP = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx notes when a newer search takes the place of one under way."""


class Complaints:
    """Those of one test, which may mean to cause some."""

    def __init__(self):
        self._heard = []
        self._meant = list(GIVEN_UP)

    def listen(self, context):
        """Hears every page of a browser context from now on."""
        context.on("weberror", lambda error: self._heard.append(str(error.error)))
        context.on("console", lambda message: message.type == "error" and self._heard.append(message.text))

    def are_meant(self, *fragments):
        """Complaints with one of these in them are what the test is about."""
        self._meant.extend(fragments)

    def unmeant(self):
        return [text for text in self._heard if not any(meant in text for meant in self._meant)]
