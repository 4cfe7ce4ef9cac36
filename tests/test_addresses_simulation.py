"""Real documents edited at random over fifty rounds; the simulation knows which passage is which.

Each passage of the sample archive carries the identities of the passages that it consists of.  An editor's
hand changes texts and never identities; what an address was minted for is therefore known for ever.  Links
carry the version of the text that they were made for, as those do that the pages give away.
"""

import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest

from indexer.addresses import PastAddresses, load_registry, text_version
from indexer.model.text import BlockKind, Pair, Passage
from indexer.passages import cut
from indexer.readers import Limits, find_sources
from indexer.readers.worker import read_source

DOCUMENTS = Path(__file__).parents[1] / "data" / "documents"
ROUNDS = 50
SENTENCE = re.compile(r"(?<=[.!?다요])\s+(?=\S)")


@dataclass
class Piece:
    """A passage as the simulation knows it."""

    who: set[int]
    kind: BlockKind
    lang: str
    text: str
    partner: int = 0
    """The identity of the passage that says the same in the other language."""


@dataclass
class Link:
    """A link that somebody made once."""

    who: int
    address: str
    lang: str
    version: str


@dataclass
class Archive:
    """Documents that are edited, and the links that lead into them."""

    random: random.Random
    documents: dict[str, list[Piece]]
    path: Path
    words: dict[str, list[str]]
    """Of each language, all words of the archive as often as they stand in it."""
    links: dict[tuple[str, str, int], Link] = field(default_factory=dict)
    ids: count = field(default_factory=lambda: count(100_000))
    edits: Counter = field(default_factory=Counter)
    torn: set[int] = field(default_factory=set)
    """Passages that were split, and of which a part has been deleted."""

    def sentence(self, lang):
        """Words that nobody has put in this order."""
        words = self.random.choices(self.words[lang], k=self.random.randint(7, 16))
        return " ".join(words).strip(".,") + "."

    def reindex(self, gone=()):
        """Gives addresses to all passages, in any order of documents, and remembers new links."""
        registry = load_registry(self.path)
        self.index = {}
        for name in self.random.sample(sorted(self.documents), len(self.documents)):
            pieces = self.documents[name]
            passages = [Passage(name, n, one.kind, one.lang, one.text) for n, one in enumerate(pieces)]
            registry.follow(name, passages, gone)
            for passage, piece in zip(registry.assign(name, passages, pairs_of(pieces)), pieces, strict=True):
                assert (passage.address, passage.lang) not in self.index
                self.index[passage.address, passage.lang] = piece
        for name in gone:
            registry.retire(name)
        registry.settle()
        registry.save()
        living = {one.key for one in load_registry(self.path).registrations() if one.lives}
        assert living == set(self.index), "the registry and the index agree"
        for (address, lang), piece in self.index.items():
            for who in piece.who:
                link = Link(who, address, lang, text_version(piece.text))
                self.links.setdefault((address, lang, who), link)

    def verdicts(self):
        """What has become of each link."""
        past = PastAddresses(self.path)
        alive = {who for pieces in self.documents.values() for piece in pieces for who in piece.who}
        for link in self.links.values():
            key = (link.address, link.lang)
            if key not in self.index:
                key = past.leads_to(*key) or key
            piece = self.index.get(key)
            if piece is None:
                assert past.grave(link.address, link.lang), "an address that was minted is never unknown"
            exists = link.who in alive - self.torn
            if piece is not None and link.who in piece.who:
                yield link, "right"
            elif piece is None:
                yield link, "lost" if exists else "tombstone"
            elif text_version(piece.text) == link.version:
                yield link, "elsewhere, same text"
            else:
                yield link, f"wrong, says so{' (exists)' if exists else ''}"


def pairs_of(pieces):
    """The pairs that a perfect pairing would find."""
    places = {who: at for at, piece in enumerate(pieces) for who in piece.who}
    pairs, used = [], set()
    for at, piece in enumerate(pieces):
        other = places.get(piece.partner)
        if piece.lang == "en" and other is not None and other not in used:
            used.add(other)
            pairs.append(Pair((at,), (other,), 1.0))
    return pairs


# --- an editor's hand ---------------------------------------------------------------------------------


def typo(archive, pieces):
    """A letter is left out, doubled, or swapped with the next one."""
    piece = archive.random.choice(pieces)
    at = archive.random.randrange(len(piece.text))
    one, two = piece.text[at], piece.text[at + 1 : at + 2]
    now = archive.random.choice(["", one + one, two + one])
    text = (piece.text[:at] + now + piece.text[at + 1 + (len(now) > 1 and now[0] == two) :]).strip()
    piece.text = text or piece.text


def number(archive, pieces):
    """A number is put right."""
    numbered = [piece for piece in pieces if re.search(r"\d", piece.text)]
    if numbered:
        piece = archive.random.choice(numbered)
        found = archive.random.choice(list(re.finditer(r"\d", piece.text)))
        piece.text = f"{piece.text[: found.start()]}{archive.random.randrange(10)}{piece.text[found.end() :]}"


def rewrite(archive, pieces):
    """A sentence is written anew; of a passage of one sentence, some of its words."""
    piece = archive.random.choice(pieces)
    sentences = SENTENCE.split(piece.text)
    if len(sentences) > 2:
        sentences[archive.random.randrange(len(sentences))] = archive.sentence(piece.lang)
        piece.text = " ".join(sentences)
    else:
        words = piece.text.split(" ")
        if len(words) >= 8:
            at = archive.random.randrange(len(words) - 2)
            words[at : at + 2] = archive.sentence(piece.lang).split()[:2]
            piece.text = " ".join(words)


def insert(archive, pieces):
    lang = archive.random.choice(pieces).lang
    at = archive.random.choice([n for n, piece in enumerate(pieces) if piece.lang == lang])
    text = " ".join(archive.sentence(lang) for _ in range(archive.random.randint(1, 3)))
    pieces.insert(at, Piece({next(archive.ids)}, BlockKind.PARAGRAPH, lang, text))


def delete(archive, pieces):
    if len(pieces) > 12:
        archive.torn |= pieces.pop(archive.random.randrange(len(pieces))).who


def move(archive, pieces):
    """A passage goes elsewhere in its language."""
    at = archive.random.randrange(len(pieces))
    piece = pieces.pop(at)
    places = [n for n, other in enumerate(pieces) if other.lang == piece.lang]
    pieces.insert(archive.random.choice(places or [at]), piece)


def split(archive, pieces):
    at = archive.random.randrange(len(pieces))
    sentences = SENTENCE.split(pieces[at].text)
    if len(sentences) > 1:
        middle = archive.random.randint(1, len(sentences) - 1)
        halves = [" ".join(sentences[:middle]), " ".join(sentences[middle:])]
        whole = pieces[at]
        pieces[at : at + 1] = [
            replace(whole, who={*whole.who, next(archive.ids)}, text=text, partner=0 if n else whole.partner)
            for n, text in enumerate(halves)
        ]


def merge(archive, pieces):
    at = archive.random.randrange(len(pieces) - 1)
    one, two = pieces[at : at + 2]
    if one.lang == two.lang and one.kind is two.kind is BlockKind.PARAGRAPH:
        pieces[at : at + 2] = [replace(one, who=one.who | two.who, text=f"{one.text} {two.text}")]


EDITS = {typo: 6, number: 2, rewrite: 4, insert: 2, delete: 1, move: 1, split: 1, merge: 1}


def retranslate(archive):
    """Everything in one language of a document that has another side is written anew."""
    name = archive.random.choice(sorted(archive.documents))
    lang = archive.random.choice(["en", "ko"])
    pieces = archive.documents[name]
    for pair in pairs_of(pieces):
        piece = pieces[(pair.english if lang == "en" else pair.korean)[0]]
        sentences = len(SENTENCE.split(piece.text))
        piece.text = " ".join(archive.sentence(lang) for _ in range(sentences))


def rename(archive):
    """A file gets another name; what it is called now, and the old name."""
    name = archive.random.choice(sorted(archive.documents))
    archive.documents[f"{name.split('~')[0]}~{next(archive.ids)}"] = archive.documents.pop(name)
    return [name]


def carry(archive):
    """A paragraph goes from one document to another."""
    here, there = archive.random.sample(sorted(archive.documents), 2)
    long = [piece for piece in archive.documents[here] if len(piece.text) > 60]
    if long:
        piece = archive.random.choice(long)
        archive.documents[here] = [other for other in archive.documents[here] if other is not piece]
        place = archive.random.randrange(len(archive.documents[there]))
        archive.documents[there].insert(place, replace(piece, partner=0))


def edit(archive, edits):
    """A round of edits; the names of documents that are called otherwise now."""
    chosen = archive.random.choices(list(EDITS), weights=list(EDITS.values()), k=edits)
    names = sorted(archive.documents)
    weights = [len(archive.documents[name]) for name in names]
    for change in chosen:
        change(archive, archive.documents[archive.random.choices(names, weights)[0]])
        archive.edits[change.__name__] += 1
    gone = []
    for change, chance in ((retranslate, 0.3), (rename, 0.3), (carry, 0.5)):
        if archive.random.random() < chance:
            gone += change(archive) or []
            archive.edits[change.__name__] += 1
    return gone


def sample_documents():
    """The passages of the sample archive, with who is whose other side where that is plain."""
    ids = count(1)
    documents = {}
    sources, _ = find_sources(DOCUMENTS, ())
    for source in sources:
        document = read_source(source, Limits(2**24, 30))
        pieces = [Piece({next(ids)}, one.kind, one.lang, one.text) for one in cut(document)]
        for kind in BlockKind:
            sides = [[p for p in pieces if p.lang == lang and p.kind is kind] for lang in ("en", "ko")]
            if len(sides[0]) == len(sides[1]):
                for english, korean in zip(*sides, strict=True):
                    (english.partner,), (korean.partner,) = korean.who, english.who
        documents[document.id] = pieces
    return documents


@pytest.fixture(scope="module")
def sample_pieces():
    return sample_documents()


def simulate(pieces, path, seed, edits=30):
    documents = {name: [replace(one, who=set(one.who)) for one in many] for name, many in pieces.items()}
    texts = {
        lang: " ".join(p.text for many in pieces.values() for p in many if p.lang == lang)
        for lang in ("en", "ko")
    }
    archive = Archive(
        random.Random(seed), documents, path, {lang: text.split() for lang, text in texts.items()}
    )
    archive.reindex()
    for _ in range(ROUNDS):
        archive.reindex(edit(archive, edits))
    return archive


@pytest.mark.parametrize("seed", [1, 2])
def test_addresses_lead_to_their_passages_after_fifty_rounds_of_edits(sample_pieces, tmp_path, seed):
    archive = simulate(sample_pieces, tmp_path / "addresses.jsonl", seed)
    counts = Counter(verdict for _, verdict in archive.verdicts())
    exists = (
        counts["right"] + counts["lost"] + counts["wrong, says so (exists)"] + counts["elsewhere, same text"]
    )
    figures = f"{archive.edits.total()} edits, {exists} links whose passage exists: {dict(counts)}"
    assert counts["right"] >= 0.99 * exists, figures
    assert counts["elsewhere, same text"] == 0, figures
    assert counts["wrong, says so"] + counts["wrong, says so (exists)"] <= 0.005 * counts.total(), figures
