import pytest

from indexer.errors import SettingsError
from indexer.model.text import Bilingual
from indexer.settings import Settings, load_settings


def write(data, text):
    (data / "hanyeong.toml").write_text(text, encoding="utf-8")


def test_without_a_file_there_are_the_defaults(tmp_path):
    assert load_settings(tmp_path) == Settings(tmp_path)


def test_without_a_folder_there_are_the_defaults(tmp_path):
    assert load_settings(tmp_path / "nowhere") == Settings(tmp_path / "nowhere")


def test_everything_lies_in_the_archive_s_folder(tmp_path):
    settings = Settings(tmp_path)
    assert settings.documents == tmp_path / "documents"
    assert settings.index == tmp_path / "index"
    assert settings.addresses == tmp_path / "addresses.jsonl"


def test_a_keeper_may_name_the_archive_and_set_the_bounds(tmp_path):
    write(
        tmp_path,
        '[archive]\nname_en = "Letters"\nname_ko = "편지"\n[reading]\nmax_megabytes = 1\nmax_seconds = 2.5\n',
    )
    settings = load_settings(tmp_path)
    assert settings.name == Bilingual("Letters", "편지")
    assert (settings.max_bytes, settings.max_seconds) == (2**20, 2.5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[archive", "cannot be read"),
        ("[colours]\n", r"unknown section \[colours\]; there are \[archive\], \[reading\]"),
        ("name = 1\n", "unknown section"),
        ('name_en = "Letters"\n', r"name_en must stand below \[archive\]"),
        ("max_seconds = 1\n[reading]\n", r"max_seconds must stand below \[reading\]"),
        ('[archive]\ncolour = "red"\n', "unknown key 'colour'"),
        ("[archive]\nname_en = 1\n", "name_en must be a text"),
        ("[reading]\nmax_seconds = 0\n", "max_seconds must be a number above 0"),
        ("[reading]\nmax_seconds = -1\n", "max_seconds must be a number above 0"),
        ('[reading]\nmax_seconds = "1"\n', "max_seconds must be a number above 0"),
        ("[reading]\nmax_megabytes = true\n", "max_megabytes must be a number above 0"),
        ("[reading]\nmax_megabytes = inf\n", "max_megabytes must be a number above 0"),
        ("[reading]\nmax_seconds = nan\n", "max_seconds must be a number above 0"),
    ],
)
def test_what_means_nothing_is_one_line_with_the_file_s_name(tmp_path, text, says):
    write(tmp_path, text)
    with pytest.raises(SettingsError, match=says) as raised:
        load_settings(tmp_path)
    assert "hanyeong.toml" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_in_another_encoding_is_one_line(tmp_path):
    (tmp_path / "hanyeong.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


def test_the_file_may_begin_as_notepad_begins_it_and_must_be_utf_8(tmp_path):
    path = tmp_path / "hanyeong.toml"
    text = '[archive]\nname_ko = "편지"\n'
    path.write_bytes(text.encode("utf-8-sig"))
    assert load_settings(tmp_path).name.ko == "편지"
    path.write_bytes(text.encode("cp949"))
    with pytest.raises(
        SettingsError, match=r"hanyeong\.toml: cannot be read: it is not UTF-8; save it as UTF-8$"
    ):
        load_settings(tmp_path)
