"""Answers speak the language that the request asks for."""

from __future__ import annotations

import pytest

from tests.http.test_doors import MAPPING, ORDERS


@pytest.mark.parametrize(
    ("asked", "language", "what", "hint"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "没有标签 'nope'。", "查看全部：qianmian tag list"),
        ("en-GB, zh;q=0.5", "en", "there is no tag 'nope'.", "see them: qianmian tag list"),
        ("fr", "en", "there is no tag 'nope'.", "see them: qianmian tag list"),
    ],
)
def test_an_error_is_told_in_the_language_asked_for(client, asked, language, what, hint):
    answer = client.get("/api/tags/nope", headers={"accept-language": asked})
    assert answer.json() == {"code": "unknown_name", "message": "no_tag", "what": what, "hint": hint}
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("method", "path", "what"),
    [
        ("GET", "/api/jobs/one", "path.job：须为整数"),
        ("GET", "/api/jobs?limit=0", "query.limit：至少为 1"),
        ("GET", "/api/nothing", "这个地址没有内容。"),
        ("PATCH", "/api/tags", "这个地址不接受这种方法。"),
    ],
)
def test_what_the_framework_refuses_is_told_in_our_words(client, method, path, what):
    assert client.request(method, path, headers={"accept-language": "zh-CN"}).json()["what"] == what


def test_the_gate_answers_in_the_language_too(site):
    with site.client("qm_wrong") as stranger:
        told = stranger.get("/api/tags", headers={"accept-language": "zh-CN"}).json()
    assert told["what"] == "API 令牌缺失或有误。"


def test_every_problem_of_a_condition_speaks_it(client):
    body = {"condition": "lifecycel = 'loyal' and net_90d >= 'much'"}
    told = client.post("/api/audiences/check", json=body, headers={"accept-language": "zh-CN"}).json()["problems"]
    assert [(one["what"], one["hint"], one["at"]) for one in told] == [
        ("未知的标签 'lifecycel'", "是否想写 'lifecycle'？", 0),
        ("'net_90d' 是金额，而 'much' 是文本", "数字不加引号与分隔符：1299.50", 24),
    ]


@pytest.mark.parametrize(
    ("language", "detail"), [("zh-CN", "应为时间；现为 'never'"), ("en", "expected a time; got 'never'")]
)
def test_a_refused_row_is_kept_once_and_told_in_either_language(client, language, detail):
    files = {"file": ("told.csv", ORDERS.encode()), "mapping": ("told.yaml", MAPPING.encode())}
    batch = next((one["batch"] for one in client.get("/api/imports").json() if one["file"] == "told.csv"), None)
    batch = batch or client.post("/api/imports", files=files).json()["batch"]
    told = client.get(f"/api/imports/{batch}/refused", headers={"accept-language": language}).json()
    assert [one["detail"] for one in told] == [detail]
