"""A Korean keyboard: syllables grow letter by letter in a composition, as an input method makes them."""

import unicodedata


def stages(syllable):
    """What stands in the composition while a syllable is typed.

    >>> list(stages("정"))
    ['ㅈ', '저', '정']
    """
    first, *rest = unicodedata.normalize("NFD", syllable)
    yield INITIALS[ord(first) - 0x1100]
    for end in range(1, len(rest) + 1):
        yield unicodedata.normalize("NFC", first + "".join(rest[:end]))


INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


class Ime:
    """Sends a page what the browser gets from an input method."""

    def __init__(self, page):
        self._page = page
        self._browser = page.context.new_cdp_session(page)

    def type(self, text, pause=40):
        """Types syllables; the last one stays in composition, as it does until the next key."""
        for at, syllable in enumerate(text):
            if at:
                self.commit(text[at - 1])
            for stage in stages(syllable):
                self.compose(stage)
                self._page.wait_for_timeout(pause)

    def compose(self, text):
        self.key("Process", "KeyR", up=False)
        options = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        self._browser.send("Input.imeSetComposition", options)

    def commit(self, text):
        self._browser.send("Input.insertText", {"text": text})

    def key(self, key, code, *, up=True):
        """A key that the input method took for itself: its code is 229 whatever it is."""
        options = {"key": key, "code": code, "windowsVirtualKeyCode": 229}
        self._browser.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **options})
        if up:
            self._browser.send("Input.dispatchKeyEvent", {"type": "keyUp", **options})
