"""How a person is named: identifiers at the doors, node and person ids inside."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from qianmian.core.errors import InputError

#: Namespaces from the strongest to the weakest; an event is keyed by its strongest identifier.
NAMESPACES = (
    "user_id",
    "wechat_unionid",
    "phone",
    "email",
    "weibo_uid",
    "douyin_openid",
    "xiaohongshu_uid",
    "kuaishou_openid",
    "taobao_nick",
    "jd_pin",
    "anonymous_id",
    "device",
)
#: An order number is the lowest namespace and never joins people; its source follows the colon.
ORDER = "order"


@dataclass(frozen=True)
class Identifier:
    """A value by which a source knows somebody, with the namespace it belongs to."""

    namespace: str
    value: str


def priority(namespace: str) -> int:
    """Rank of a namespace: 0 is the strongest.

    >>> priority("user_id"), priority("device") < priority("order:shop")
    (0, True)
    """
    if namespace.startswith(f"{ORDER}:"):
        return len(NAMESPACES)
    try:
        return NAMESPACES.index(namespace)
    except ValueError:
        raise InputError("unknown_namespace", namespaces=NAMESPACES, given=namespace) from None


def parse_identifier(text: str) -> Identifier:
    """Read ``namespace:value``; a bare value is a user_id.

    >>> parse_identifier("phone:13800138000")
    Identifier(namespace='phone', value='13800138000')
    >>> parse_identifier("u-1024")
    Identifier(namespace='user_id', value='u-1024')
    """
    head, colon, rest = text.partition(":")
    if colon and head in NAMESPACES:
        return Identifier(head, rest)
    if colon and head == ORDER:
        source, colon, number = rest.partition(":")
        if colon:
            return Identifier(f"{ORDER}:{source}", number)
    return Identifier("user_id", text)


def id_text(number: int) -> str:
    """A node or person id as it is shown at every door: 13 characters of base32.

    >>> id_text(1)
    'aaaaaaaaaaaac'
    """
    return base64.b32encode(number.to_bytes(8, "big")).decode().rstrip("=").lower()


def id_number(text: str) -> int:
    """The inverse of `id_text`.

    >>> id_number(id_text(2**63 - 1)) == 2**63 - 1
    True
    """
    try:
        raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        raw = b""
    number = int.from_bytes(raw, "big")
    if len(raw) != 8 or number >= 1 << 63:
        raise InputError("person_number", given=len(text))
    return number
