r"""The scan for undeclared personal data: SQL text for columns, and the same for the values in a message.

It finds mainland mobile phones, e-mail addresses, identity card numbers and bank card numbers in plain text, in JSON
text (``\uXXXX`` escapes included) and in URLs (percent-encoded too). What it cannot do, because RE2 only sees shapes:

* the check digit of an identity card is not verified; region, birth date and length are;
* Luhn's digit is not verified, so that a bare run of 16 to 19 digits counts as a bank card only with UnionPay's
  prefix 62 (post and order numbers look like other issuers' cards), and any issuer's in groups of four;
* ``icon@2x.png`` has the shape of an e-mail address and is masked as one.

A mask is cheap to find out about: one regular expression sees whether a row has a hit at all.
"""

from __future__ import annotations

import re
import unicodedata

#: What stands in the place of a hit, by kind.
PLACEHOLDERS = {"phone": "[phone]", "email": "[email]", "id_card": "[id_card]", "bank_card": "[bank_card]"}
#: A JSON text that could not be masked and stay JSON is replaced whole.
WHOLE = '{"masked":"[personal_data]"}'

_DIGIT = "[0-9０-９]"
_MOBILE = f"[1１][3-9３-９]{_DIGIT}"
_COUNTRY = r"(?:(?:\+|%2[Bb]|00)?86(?:[ -]|%20)?)?"
_GAP = "(?:[ -]|%20)"
_REGION = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)[0-9]{4}"
_BIRTH = "(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_AT = r"(?:@|%40|＠|\\u0040)"
_DOMAIN = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_LOCAL = "[A-Za-z0-9._%+-]"

_PHONE = f"{_COUNTRY}{_MOBILE}{_DIGIT}{{8}}"
_PHONE_IN_GROUPS = f"{_COUNTRY}{_MOBILE}{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}"
_ID_CARD = f"{_REGION}{_BIRTH}[0-9]{{3}}[0-9Xx]"
_BANK_CARD = "62[0-9]{14,17}"
_BANK_CARD_IN_GROUPS = "[3-6][0-9]{3}(?:(?:[ -]|%20)[0-9]{4}){3}(?:(?:[ -]|%20)[0-9]{1,3})?"
_EMAIL = f"{_LOCAL}+{_AT}{_DOMAIN}"

_GUARD = "\x03"  # stands before the numbers of a JSON text that are no hits; see _JSON_TOKEN
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}"  # its digits are no part of a number that follows


def _numbers(guard: str = "") -> tuple[tuple[str, str], ...]:
    """The kinds that are numbers, with their patterns: (before)…(after), since RE2 takes along what it cannot look at.

    Beside a number in groups, the letters a to f and hyphens would be those of a UUID.
    """
    before, after = f"(^|[^0-9０-９{guard}]|{_ESCAPE})", "([^0-9０-９]|$)"
    before_groups, after_groups = f"(^|[^0-9０-９a-f{guard}-]|{_ESCAPE})", "([^0-9０-９-]|$)"
    return (
        ("id_card", f"{before}{_ID_CARD}{after}"),
        ("bank_card", f"{before}{_BANK_CARD}{after}"),
        ("bank_card", f"{before_groups}{_BANK_CARD_IN_GROUPS}{after_groups}"),
        ("phone", f"{before}{_PHONE}{after}"),
        ("phone", f"{before_groups}{_PHONE_IN_GROUPS}{after_groups}"),
    )


_ANY = "|".join((*(pattern for _, pattern in _numbers()), f"{_LOCAL}{_AT}{_DOMAIN}"))
# An escape before a local part must stay whole: in \nme@shop.cn the n is none of the address.
_ESCAPED_EMAIL = rf'((?:\\\\)*(?:\\u[0-9A-Fa-f]{{4}}|\\[bfnrt"/])?){_EMAIL}'

# JSON: a string, or a number that is a hit as a whole, or any other number. A hit becomes a string, between \x01 and
# \x02; the digits of other numbers are guarded by \x03. None of the three can stand in a JSON text by itself.
_JSON_TOKEN = (
    r'("(?:[^"\\]|\\.)*")'
    rf"|((?:86)?1[3-9][0-9]{{9}}|{_REGION}{_BIRTH}[0-9]{{4}}|{_BANK_CARD})(\s*(?:[,}}\]]|$))"
    r"|(-?)([0-9]+)(?:(\.)([0-9]+))?"
)
_JSON_GUARDED = f"\\1\x01\\2\x02\\3\\4{_GUARD}\\5\\6{_GUARD}\\7"


def mask_sql(column: str, *, json: bool = False) -> str:
    """A DuckDB expression: the column's text with every hit replaced by its placeholder.

    Args:
        column: name of a VARCHAR column; it is quoted here.
        json: the text is JSON and must stay JSON: a bare number that is a hit becomes a string.
    """
    name = _quoted(column)
    masked = _json_masked(name) if json else _masked(name, _numbers(), (_EMAIL, ""))
    return f"CASE WHEN regexp_matches({name}, {_text(_ANY)}) THEN {masked} ELSE {name} END"


def count_sql(column: str, masked: str) -> str:
    """A DuckDB aggregate: the number of hits in a column, as a struct with one BIGINT field a kind.

    The field ``whole`` counts JSON texts that were replaced whole.

    Args:
        column: name of the column as it came.
        masked: name of the column that holds its mask, made by `mask_sql`.
    """
    before, after = _quoted(column), _quoted(masked)
    changed = f"{after} IS DISTINCT FROM {before}"  # CASE, not FILTER: only it spares the rows without a hit
    counts = ", ".join(
        f"{kind} := coalesce(sum(CASE WHEN {changed}"
        f" THEN {_occurrences(after, sign)} - {_occurrences(before, sign)} END), 0)::BIGINT"
        for kind, sign in {**PLACEHOLDERS, "whole": WHOLE}.items()
    )
    return f"struct_pack({counts})"


def mask_text(text: str) -> str:
    """A text of any kind as it may stand in a message or a log: hits keep a few characters, the rest stays.

    >>> mask_text("电话13800138000，邮箱ming.li@example.com")
    '电话138****8000，邮箱m***@example.com'
    """
    for pattern in _MESSAGE_PATTERNS:
        text = pattern.sub(lambda hit: hit[1] + mask_value(hit[2]), text)
    return text


def mask_value(value: str) -> str:
    """A personal value as it may stand in a message: enough to recognise it, too little to use it.

    >>> mask_value("13800138000"), mask_value("ming.li@example.com"), mask_value("李小明")
    ('138****8000', 'm***@example.com', '***')
    >>> mask_value("o6_bmjrPTlm6_2sgVt7hMZOPfL2M")
    'o***M'
    """
    value = unicodedata.normalize("NFKC", value)
    if email := _ONE_EMAIL.fullmatch(value):
        return f"{email[1]}***@{email[2]}"
    if mobile := _ONE_MOBILE.fullmatch(re.sub(r"[^0-9A-Za-z]", "", value)):
        return f"{mobile[1]}****{mobile[2]}"
    return f"{value[0]}***{value[-1]}" if len(value) >= 8 else "***"


def _masked(expression: str, numbers: tuple[tuple[str, str], ...], email: tuple[str, str]) -> str:
    """The replacements, one around the other; `email` is its pattern and what to keep before the placeholder."""
    for _ in range(2):  # two hits with one character between them share it: the second waits for the second round
        for kind, pattern in numbers:
            replacement = f"\\1{PLACEHOLDERS[kind]}\\2"
            expression = f"regexp_replace({expression}, {_text(pattern)}, {_text(replacement)}, 'g')"
    pattern, kept = email
    return f"regexp_replace({expression}, {_text(pattern)}, {_text(kept + PLACEHOLDERS['email'])}, 'g')"


def _json_masked(name: str) -> str:
    guarded = f"regexp_replace({name}, {_text(_JSON_TOKEN)}, {_text(_JSON_GUARDED)}, 'g')"
    quoted = f"""replace(replace(replace({guarded}, '\x01\x02', ''), '\x01', '"'), '\x02', '"')"""
    masked = _masked(quoted, _numbers(_GUARD), (_ESCAPED_EMAIL, "\\1"))
    masked = f"replace({masked}, '{_GUARD}', '')"
    sound = f"CASE WHEN json_valid(masked) THEN masked ELSE {_text(WHOLE)} END"
    return f"list_transform([{masked}], lambda masked: {sound})[1]"  # written once: each pattern costs a millisecond


def _occurrences(expression: str, sign: str) -> str:
    return f"((length({expression}) - length(replace({expression}, {_text(sign)}, ''))) // {len(sign)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_ONE_EMAIL = re.compile(f"({_LOCAL}){_LOCAL}*@({_DOMAIN})")
_ONE_MOBILE = re.compile("(?:00)?(?:86)?(1[3-9][0-9])[0-9]{4}([0-9]{4})")
_MESSAGE_PATTERNS = (
    *(
        re.compile(rf"(^|[^0-9０-９]|{_ESCAPE})({shape})(?![0-9０-９])")
        for shape in (_ID_CARD, _BANK_CARD, _BANK_CARD_IN_GROUPS, _PHONE, _PHONE_IN_GROUPS)
    ),
    re.compile(f"()({_EMAIL})"),
)
