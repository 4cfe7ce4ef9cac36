"""Which names in Latin letters are which Korean names, whatever system they are written in."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.romanisation import is_romanised, latin_letters

PEOPLE = {
    "강혜정": ["Kang Hye-jung", "Gang Hyejeong", "Kang Hyejŏng"],
    "곽재용": ["Kwak Jae-yong", "Gwak Jaeyong", "Kwak Chae-yong"],
    "권혁재": ["Kwon Hyeok-jae", "Hyuk Jae Kweon"],
    "김구": ["Kim Gu", "Kim Ku", "Kim Koo"],
    "김대중": ["Kim Dae-jung", "Kim Taejung", "Gim Daejung"],
    "김민정": ["Kim Min-jung", "Kim Minjeong", "Minjŏng Kim", "KIM Min Jung", "Gim Min-jeong"],
    "김민지": ["Kim Min-ji", "Kim Minjee", "Min-Ji Kim", "Kim, Minji"],
    "김여정": ["Kim Yo-jong", "Kim Yeo-jeong", "Kim Yo-jung"],
    "김연아": ["Yuna Kim", "Kim Yeon-a", "Kim Yŏn-a"],
    "김정은": ["Kim Jong-un", "Kim Jeong-eun", "Kim Chŏng-ŭn", "Kim Jung Eun"],
    "남궁민": ["Namkoong Min", "Namgung Min"],
    "노무현": ["Roh Moo-hyun", "No Muhyeon", "No Mu-hyŏn"],
    "문재인": ["Moon Jae-in", "Mun Jaein", "Mun Chae-in"],
    "박경리": ["Pak Kyongni", "Park Kyung-ree", "Bak Gyeong-ri", "Pak Kyŏngni"],
    "박근혜": ["Park Geun-hye", "Pak Kŭn-hye"],
    "박정희": ["Park Chung-hee", "Pak Chŏng-hŭi", "Bak Jeonghui"],
    "박지성": ["Park Ji-sung", "Pak Chi-sŏng"],
    "백석": ["Baek Seok", "Paek Sŏk", "Paik Suk"],
    "손흥민": ["Son Heung-min", "Sohn Hung-min", "Heung-Min Son"],
    "신경숙": ["Shin Kyung-sook", "Sin Gyeongsuk", "Sin Kyŏng-suk"],
    "안중근": ["Ahn Jung-geun", "An Chunggŭn", "An Jung-geun"],
    "여운형": ["Lyuh Woon-hyung", "Yeo Un-hyeong", "Yŏ Un-hyŏng"],
    "염정아": ["Yum Jung-ah", "Yeom Jeong-a"],
    "유지태": ["Yoo Ji-tae", "Yu Chi-t’ae"],
    "윤동주": ["Yun Dong-ju", "Yoon Dong-joo", "Yun Tong-ju"],
    "윤석열": ["Yoon Suk-yeol", "Yoon Seok-youl"],
    "이어령": ["Lee O-young", "Yi Ŏ-ryŏng"],
    "이광수": ["Yi Kwang-su", "Lee Kwang-soo", "I Gwang-su"],
    "이명박": ["Lee Myung-bak", "Yi Myŏng-bak"],
    "이수정": ["Lee Su-jung", "Soo-jeong Lee"],
    "이수진": ["Lee Su-jin", "Lee Soojin"],
    "이순신": ["Yi Sun-sin", "Lee Sun-shin"],
    "이승만": ["Rhee Syngman", "Syngman Rhee", "Yi Sŭngman", "Lee Seung-man"],
    "임권택": ["Im Kwon-taek", "Lim Kwontaek"],
    "전두환": ["Chun Doo-hwan", "Jeon Duhwan", "Chŏn Tu-hwan"],
    "정우성": ["Jung Woo-sung", "Jeong U-seong", "Chung Woosung"],
    "조만식": ["Cho Man-sik", "Jo Mansik"],
    "최은희": ["Choi Eun-hee", "Ch'oe Ŭn-hŭi", "Choe Eunhui"],
    "최현배": ["Choe Hyeon-bae", "Ch’oe Hyŏn-bae", "Choi Hyun-bai"],
    "한강": ["Han Kang", "Han Gang"],
    "허준호": ["Huh Joon-ho", "Heo Jun-ho", "Hŏ Chunho"],
    "황석영": ["Hwang Sok-yong", "Hwang Seok-yeong", "Whang Suk-young"],
}


@pytest.mark.parametrize(
    ("name", "korean"), [(name, korean) for korean, names in PEOPLE.items() for name in names]
)
def test_the_customary_spellings_of_a_name_are_it(name, korean):
    assert is_romanised(name, korean) is True


def test_no_spelling_of_one_of_many_people_is_another_one():
    for korean, other in permutations(PEOPLE, 2):
        for name in PEOPLE[other]:
            assert is_romanised(name, korean) is False, (name, korean)


@pytest.mark.parametrize(
    ("name", "korean"),
    [
        ("Kim Min-ji", "김민정"),
        ("Kim Min-jung", "김민지"),
        ("Park Ji-hoon", "박지환"),
        ("Lee Su-jin", "이수정"),
        ("Lee Young-ho", "이영후"),
        ("Lee Ha-na", "이한나"),
        ("Kim Min-ji", "강민지"),
        ("Choi Min-ji", "조민지"),
        ("Jung Min", "정민지"),
        ("Jung Min-ji", "정민"),
        ("Kim Jin-a", "김지나"),
    ],
)
def test_what_is_near_is_not_the_same(name, korean):
    assert is_romanised(name, korean) is False


@pytest.mark.parametrize(
    ("name", "korean"),
    [
        ("Sergey Lavrov", "라브로프"),
        ("Barack Obama", "오바마"),
        ("Li Keqiang", "리커창"),
        ("Ann Lee", "앤 리"),
        ("Hong", "홍길동"),
        ("Hong Gil-dong", "홍"),
        ("Hong Gil-dong", "길동이네"),
        ("Hong Gil-dong", "洪吉童"),
        ("The Editors", "편집부"),
        ("M. J. Kim", "김민정"),
        ("Jay Y. Lee", "이재용"),
        ("Kim E. Y.", "김은영"),
        ("Park Y", "박영수"),
        ("Ahn Eak-tai", "안익태"),  # as none of the systems has it
        ("Kim Swoo-geun", "김수근"),
        ("Younghill Kang", "강용흘"),
        ("Helen Kim", "김활란"),
        ("Anna Lee", "이영희"),
        ("Mary Lee", "이미자"),
        ("Jenny Han", "한제니"),
        ("Daniel Choi", "최다니엘"),
        ("", "김민정"),
        ("Kim Min-ji", ""),
    ],
)
def test_of_other_names_the_rules_say_nothing(name, korean):
    assert is_romanised(name, korean) is None


@given(st.text(max_size=60), st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=5))
def test_any_text_may_be_asked_about(name, korean):
    assert is_romanised(name, korean) in (True, False, None)
    assert latin_letters(name).isascii()
