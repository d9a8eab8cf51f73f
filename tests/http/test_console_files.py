"""The console's files: one page everywhere, a nonce each time, assets for ever, and nothing else of this machine."""

from __future__ import annotations

import gzip
import json
import re

import anyio
import httpx2
import pytest

from qianmian.app.shop import init
from qianmian.http.application import application

PAGE = '<meta name="csp-nonce" nonce="__CSP_NONCE__"><script src="/assets/main-1.js"></script>'
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; report-uri /csp-report"
)
SCRIPT = "console.log('千面');" * 100


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = init(tmp_path_factory.mktemp("pages") / "shop", name="店")
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text(PAGE)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "main-1.js").write_text(SCRIPT)
    (folder.parent / "secret.js").write_text("secret")
    return folder


@pytest.fixture
def ask(shop, dist):
    """Asks the application; without the built console if told so."""

    def asked(method, path, *, built=True, **more):
        app = application(shop, dist=dist if built else dist / "nothing")

        async def go():
            transport = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, **more)

        return anyio.run(go)

    return asked


@pytest.mark.parametrize(
    "path", ["/", "/profile/people", "/profile/people/aaaaaaaaaaaac", "/apiary", "/x.php", "//api"]
)
def test_every_address_that_is_no_others_gives_the_page_with_a_nonce_of_its_own(ask, path):
    pages = [ask("GET", path) for _ in range(2)]
    nonces = [re.search(r'nonce="([\w-]{22})"', page.text)[1] for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        assert page.status_code == 200
        assert page.headers.get_list("content-security-policy") == [POLICY.format(nonce)]
        assert page.headers.get_list("cache-control") == ["no-store"]
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["x-content-type-options"] == "nosniff"


def test_a_file_with_its_hash_in_its_name_may_be_kept_and_comes_small(ask):
    whole = ask("GET", "/assets/main-1.js", headers={"accept-encoding": "identity"})
    small = ask("GET", "/assets/main-1.js", headers={"accept-encoding": "gzip, br"})
    assert whole.text == small.text == SCRIPT
    assert int(small.headers["content-length"]) == len(gzip.compress(SCRIPT.encode(), 6, mtime=0)) < len(SCRIPT) / 5
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert whole.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "content-encoding" not in whole.headers
    assert small.headers["vary"] == "accept-encoding"
    assert ask("GET", "/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/none.js",
        "/assets/%2e%2e/%2e%2e/secret.js",
        "/assets//etc/passwd",
        "/assets/",
    ],
)
def test_what_was_not_built_is_not_served(ask, path):
    answer = ask("GET", path)
    assert "secret" not in answer.text
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_of_the_api_is_never_the_page(ask, shop):
    assert ask("GET", "/api/nothing").status_code == 401
    for path in ("/api", "/api/", "/api/nothing", "/api/people/search"):
        answer = ask("GET", path, headers={"authorization": f"Bearer {shop.token()}"})
        assert answer.status_code == 404
        assert answer.json()["code"] == "unknown_path"


def test_head_tells_what_get_would(ask):
    for path in ("/", "/profile/people", "/assets/main-1.js"):
        head, get = ask("HEAD", path), ask("GET", path)
        assert head.status_code == 200
        assert head.headers["content-length"] == get.headers["content-length"]
    assert ask("HEAD", "/assets/none.js").status_code == 404
    assert ask("POST", "/profile/people").status_code == 401


def test_a_console_that_was_not_built_says_so(ask):
    answer = ask("GET", "/", built=False)
    assert (answer.status_code, answer.text) == (
        503,
        "The console is not built.\n\nhint: in the source folder: make console\n",
    )
    assert ask("GET", "/healthz", built=False).status_code == 200


@pytest.mark.parametrize(
    ("report", "rule"),
    [
        ({"csp-report": {"effective-directive": "style-src-elem", "blocked-uri": "http://x/?phone=13800138000"}}, None),
        ({"csp-report": {"effective-directive": "13800138000"}}, "unknown"),
        ({"csp-report": []}, "unknown"),
        ([], "unknown"),
        ("text", "unknown"),
    ],
)
def test_a_violation_is_counted_and_only_the_rule_is_told(ask, capfd, report, rule):
    answer = ask("POST", "/csp-report", content=json.dumps(report), headers={"content-type": "application/csp-report"})
    assert answer.status_code == 204
    written = capfd.readouterr()
    assert (rule or "style-src-elem") in written.out + written.err
    assert "13800138000" not in written.out + written.err


def test_pictures_come_only_from_hosts_that_the_settings_name(tmp_path, dist):
    shop = init(tmp_path / "shop", name="店", picture_hosts="img.shop.example cdn.example:8443")

    async def go():
        transport = httpx2.ASGITransport(app=application(shop, dist=dist))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return [(await client.get(path)).headers["content-security-policy"] for path in ("/", "/assets/main-1.js")]

    page, asset = anyio.run(go)
    shop.close()
    assert "img-src 'self' https://img.shop.example https://cdn.example:8443; font-src" in page
    assert "img-src 'self'; font-src" in asset
