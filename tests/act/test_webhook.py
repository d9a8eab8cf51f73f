"""Webhooks: what a receiver gets, how it knows that it is ours, and what is done when it does not take it."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from qianmian.act.deliver.patience import NotDeliveredError
from qianmian.act.deliver.webhook import Receiver, post
from tests.receiving import receiving

BODY = '{"people": ["小鹿"]}'.encode()


def test_a_piece_arrives_numbered_and_signed_as_the_specification_has_it():
    key = b"a key of the receiver"
    with receiving() as receiver:
        secret = "whsec_" + base64.b64encode(key).decode().rstrip("=")
        post(Receiver(f"{receiver.address}/crm?team=1", secret), BODY, message="campaign-1-7", at=1_780_000_000)
    [got] = receiver.posts
    assert got.body == BODY
    assert got.headers["content-type"] == "application/json"
    assert (got.headers["webhook-id"], got.headers["webhook-timestamp"]) == ("campaign-1-7", "1780000000")
    signed = hmac.new(key, b"campaign-1-7.1780000000." + BODY, hashlib.sha256).digest()
    assert got.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"


def test_without_a_secret_nothing_is_signed_and_any_text_is_one():
    with receiving() as receiver:
        post(Receiver(receiver.address), BODY, message="m", at=1)
        post(Receiver(receiver.address, "三个字"), BODY, message="m", at=1)
    bare, plain = receiver.posts
    assert "webhook-signature" not in bare.headers
    signed = hmac.new("三个字".encode(), b"m.1." + BODY, hashlib.sha256).digest()
    assert plain.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"


@pytest.mark.parametrize(
    ("status", "may_pass"),
    [(400, False), (401, False), (410, False), (408, True), (429, True), (500, True), (503, True)],
)
def test_a_refusal_tells_whether_to_come_again(status, may_pass):
    with receiving() as receiver:
        receiver.answers = [status]
        with pytest.raises(NotDeliveredError) as error:
            post(Receiver(receiver.address), BODY, message="m", at=1)
    assert (error.value.why, error.value.may_pass) == (f"HTTP {status}", may_pass)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_led_elsewhere(status):
    with receiving() as receiver:
        receiver.answers = [status]
        with pytest.raises(NotDeliveredError) as error:
            post(Receiver(receiver.address), BODY, message="m", at=1)
    assert len(receiver.posts) == 1
    assert error.value.why == f"HTTP {status}"


def test_a_receiver_that_is_not_there_may_be_later_and_its_address_is_not_told():
    with receiving() as receiver:
        address = receiver.address
    with pytest.raises(NotDeliveredError) as error:
        post(Receiver(f"{address}/secret-path"), BODY, message="m", at=1)
    assert (error.value.why, error.value.may_pass) == ("ConnectionRefusedError", True)
    assert "secret-path" not in repr(error.value)
    assert "secret-path" not in repr(Receiver(f"{address}/secret-path", "s"))
