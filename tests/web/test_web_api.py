"""The JSON interface answers as its OpenAPI document says."""

import re

import pytest

from indexer.model.archive import FormerDocument
from indexer.model.text import Bilingual

JSON_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}
CALLS = [
    ("/api/search", "/api/search?q=peace", 200),
    ("/api/search", "/api/search?q=정전&lang=ko&year=2023&sort=date&page=2&limit=2", 200),
    ("/api/search", "/api/search", 200),
    ("/api/documents/{document}", "/api/documents/peace/armistice?q=협상", 200),
    ("/api/documents/{document}", "/api/documents/letters/1950", 200),
    ("/api/documents/{document}", "/api/documents/nowhere", 404),
    ("/api/documents/{document}", "/api/documents/old/letters", 410),
    ("/api/documents/{document}", "/api/documents/parted", 410),
    ("/api/passages/{address}", "/api/passages/PEAC0001", 200),
    ("/api/passages/{address}", "/api/passages/PEAC0020?lang=ko", 200),
    ("/api/passages/{address}", "/api/passages/NOWHERE", 404),
    ("/api/passages/{address}", "/api/passages/GONE0001", 410),
    ("/api/passages/{address}", "/api/passages/GONE0002", 410),
]


@pytest.fixture(autouse=True)
def _formers(archive):
    """Documents that are gone, one of them into two others; and one that was renamed."""
    archive.formers["old/letters"] = FormerDocument(begins=Bilingual("An old letter", "옛 편지"))
    archive.formers["parted"] = FormerDocument(elsewhere=archive.documents()[:2])
    archive.formers["old/name"] = FormerDocument("peace/armistice")


@pytest.fixture
def description(client):
    return client.get("/api/openapi.json").json


def check(value, schema, root, at="$"):
    """Fails where the value is not what the schema says (the part of JSON Schema that we use)."""
    known = {"$ref", "anyOf", "type", "properties", "required", "additionalProperties", "items", "enum"}
    known |= {"minItems", "maxItems", "minimum", "description", "format", "pattern"}
    assert set(schema) <= known, f"the check does not know all of {set(schema)}"
    if "$ref" in schema:
        return check(value, root["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], root, at)
    if "anyOf" in schema:
        return check(value, schema["anyOf"][1 if value is None else 0], root, at)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, JSON_TYPES[name]) for name in types), f"{at}: {value!r} is no {types}"
    assert value in schema.get("enum", [value]), at
    assert not isinstance(value, str) or re.search(schema.get("pattern", ""), value), f"{at}: {value!r}"
    if isinstance(value, dict):
        check_object(value, schema, root, at)
    if isinstance(value, list):
        assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)), at
        for index, item in enumerate(value):
            check(item, schema["items"], root, f"{at}[{index}]")
    return None


def check_object(value, schema, root, at):
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    assert set(schema.get("required", ())) <= set(value), f"{at}: something is missing in {sorted(value)}"
    for name, item in value.items():
        assert name in properties or others, f"{at}: {name} is not described"
        check(item, properties.get(name) or others, root, f"{at}.{name}")


@pytest.mark.parametrize(("path", "url", "status"), CALLS)
def test_answers_are_as_described(client, description, path, url, status):
    response = client.get(url)
    assert response.status_code == status
    content = description["paths"][path]["get"]["responses"][str(status)]["content"]
    check(response.json, content["application/json"]["schema"], description)


@pytest.mark.parametrize(
    ("path", "url", "leads_to"),
    [
        ("/api/documents/{document}", "/api/documents/old/name?q=x", "/api/documents/peace/armistice?q=x"),
        ("/api/passages/{address}", "/api/passages/BH8NGF6CO", "/api/passages/bh8ngf6c0"),
    ],
)
def test_what_has_moved_is_described(client, description, path, url, leads_to):
    response = client.get(url)
    assert (response.status_code, response.headers["Location"]) == (301, leads_to)
    assert "Location" in description["paths"][path]["get"]["responses"]["301"]["headers"]


def test_a_document_that_is_gone_says_what_is_left_of_it(client, archive):
    answer = client.get("/api/documents/old/letters")
    assert answer.json["error"]["status"] == answer.status_code == 410
    assert answer.json["gone"] == {
        "document": "old/letters",
        "begins": {"en": "An old letter", "ko": "옛 편지"},
        "elsewhere": [],
    }
    assert answer.headers["Cache-Control"] == "no-store"
    elsewhere = client.get("/api/documents/parted").json["gone"]["elsewhere"]
    assert [one["url"] for one in elsewhere] == [
        f"http://localhost/d/{info.id}" for info in archive.documents()[:2]
    ]


def test_every_route_is_described_and_no_other(client, description):
    rules = [
        rule.rule for rule in client.application.url_map.iter_rules() if rule.endpoint.startswith("api.")
    ]
    routes = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule) for rule in rules}
    assert routes - {"/api/openapi.json"} == set(description["paths"])


def test_every_parameter_of_a_path_is_described(description):
    for path, methods in description["paths"].items():
        named = {p["name"] for p in methods["get"]["parameters"] if p["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))


def test_the_description_is_openapi_3_1_and_knows_its_prefix(client):
    document = client.get("/api/openapi.json", environ_overrides={"SCRIPT_NAME": "/archive"}).json
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://localhost/archive"}]


def test_limit_and_page_cut_the_hits_into_pages(client):
    first, second = (client.get(f"/api/search?q=1953&limit=2&page={page}").json for page in (1, 2))
    assert first["total"] == 6
    assert len(first["hits"]) == len(second["hits"]) == 2
    assert first["hits"] != second["hits"]


def test_highlights_are_code_points_of_the_text(client):
    for hit in client.get("/api/search?q=정전").json["hits"]:
        assert {hit["text"][start:end] for start, end in hit["highlights"]} == {"정전"}


def test_urls_lead_to_pages(client):
    hit = client.get("/api/search?q=ceasefire").json["hits"][0]
    assert client.get(hit["url"], follow_redirects=True).status_code == 200
    assert client.get(hit["document"]["url"]).status_code == 200


def test_korean_is_sent_as_it_is(client):
    assert "정전" in client.get("/api/search?q=정전").text


@pytest.mark.parametrize(
    "url", ["/api/nowhere", "/api", "/api/", "/api/documents/nowhere", "/api/passages/x"]
)
def test_errors_are_json(client, url):
    response = client.get(url)
    assert response.status_code == 404
    assert response.json["error"]["status"] == 404
    assert response.json["error"]["message"]


@pytest.mark.parametrize("url", ["/api/nowhere", "/api"])
def test_an_unknown_path_is_told_where_the_paths_are_described(client, url):
    message = client.get(url).json["error"]["message"]
    assert message == "there is nothing at this path; /api/openapi.json tells which there are"


def test_what_only_can_be_read_says_how(client):
    response = client.post("/api/search?q=x")
    assert response.status_code == 405
    assert response.json["error"]["message"] == "this can only be read, by GET"


def test_a_changed_archive_changes_the_tag(client, archive):
    tag = client.get("/api/search?q=peace").headers["ETag"]
    assert client.get("/api/search?q=peace", headers={"If-None-Match": tag}).status_code == 304
    archive.generation = "g2"
    assert client.get("/api/search?q=peace", headers={"If-None-Match": tag}).status_code == 200


WRONG = ("xx", "-1", "0", "10001", "2020..", "soon", "relevance date", "١")


@pytest.mark.parametrize("path", ["/api/search", "/api/passages/{address}"])
def test_an_argument_is_taken_where_the_description_allows_it_and_refused_elsewhere(
    client, description, path
):
    url = path.replace("{address}", "m1p0y43d")
    for parameter in description["paths"][path]["get"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        bounds = [str(schema[bound]) for bound in ("minimum", "maximum") if bound in schema]
        right = [*schema.get("enum", ()), *schema.get("examples", ()), *bounds]
        for value in right:
            assert client.get(url, query_string={name: value}).status_code != 400, (name, value)
        for value in WRONG if right else ():
            answer = client.get(url, query_string={name: value})
            if value not in right and not re.fullmatch(schema.get("pattern", "never"), value, re.ASCII):
                assert answer.status_code == 400, (name, value)
                assert answer.json["error"]["message"].startswith(f"{name} must be ")
                assert f"not {value!r}" in answer.json["error"]["message"]


@pytest.mark.parametrize("path", ["/api/search", "/api/documents/{document}", "/api/passages/{address}"])
@pytest.mark.parametrize("name", ["per_page", "foo", "Q", "hl", "", "limits\n"])
def test_an_argument_that_is_not_described_is_refused_and_told_which_there_are(
    client, description, path, name
):
    url = path.replace("{document}", "hangul").replace("{address}", "HANG0001")
    parameters = description["paths"][path]["get"]["parameters"]
    answer = client.get(url, query_string={name: "5"})
    assert answer.status_code == 400
    names = ", ".join(one["name"] for one in parameters if one["in"] == "query")
    assert answer.json["error"]["message"] == f"there is no argument {name!r} here, but {names}"
    assert client.get(url).status_code == 200


def test_an_argument_that_is_given_twice_is_refused_where_one_would_be_ignored(client, description):
    for parameter in description["paths"]["/api/search"]["get"]["parameters"]:
        name, most = parameter["name"], parameter["schema"].get("maxItems", 1)
        values = [(name, "1" if name in {"also", "page", "limit"} else "")] * most
        assert client.get("/api/search", query_string=values).status_code == 200, name
        answer = client.get("/api/search", query_string=[*values, (name, "")])
        assert answer.status_code == 400, name
        assert answer.json["error"]["message"].startswith(f"{name} may be given ")


def test_a_rendering_that_would_be_ignored_is_refused(client, description):
    (without,) = (
        one for one in description["paths"]["/api/search"]["get"]["parameters"] if one["name"] == "without"
    )
    longest = without["schema"]["items"]["maxLength"]
    assert client.get("/api/search", query_string={"q": "x", "without": "가" * longest}).status_code == 200
    answer = client.get("/api/search", query_string={"q": "x", "without": "가" * (longest + 1)})
    assert answer.status_code == 400
    assert answer.json["error"]["message"].startswith(f"without must be of {longest} characters at most")


def test_a_refusal_does_not_repeat_a_long_value(client):
    answer = client.get("/api/search", query_string={"lang": "x" * 5000})
    assert answer.status_code == 400
    assert len(answer.json["error"]["message"]) < 100


def test_an_argument_that_is_empty_asks_for_nothing(client):
    assert client.get("/api/search?q=ceasefire&lang=&page=&year=").status_code == 200


@pytest.mark.parametrize("value", [" ko", "ko ", " ", "\tko"])
@pytest.mark.parametrize("url", ["/api/search", "/api/passages/PEAC0001"])
def test_blanks_around_a_value_make_it_another_one(client, url, value):
    answer = client.get(url, query_string={"lang": value})
    assert answer.status_code == 400, "what is not obeyed is refused"
    assert f"not {value!r}" in answer.json["error"]["message"]


@pytest.mark.parametrize(("name", "value"), [("sort", "date "), ("also", " off"), ("also", "1 ")])
def test_a_choice_that_would_be_ignored_is_refused(client, name, value):
    assert client.get("/api/search", query_string={"q": "peace", name: value}).status_code == 400
