"""From an author's text to a tree, by recursive descent.

condition  = conjunction { "or" conjunction }
conjunction = negation { "and" negation }
negation   = "not" negation | "(" condition ")" | did | comparison
did        = "did" "(" text { "," (window | comparison) } ")" [ operator whole-number ]
window     = "last" "=" '7d' | "from" "=" date | "to" "=" date
comparison = name ( operator value | "is" ["not"] "null"
                  | ["not"] ( "in" "(" value { "," value } ")" | "between" value "and" value | "contains" text ) )
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from qianmian.core.errors import ConditionError
from qianmian.query.problems import Problem, quoted, refusal
from qianmian.query.tokens import Kind, Token, tokenize
from qianmian.query.tree import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_WINDOW_DAYS,
    And,
    Atom,
    Between,
    Compare,
    Contains,
    Dates,
    Did,
    In,
    IsNull,
    Last,
    Not,
    Operator,
    Or,
    Tree,
    Value,
    Window,
    check_size,
    read_date,
    too_deep,
)

_OPERATORS = frozenset(Operator)
_DAYS = {"d": 1, "w": 7}
_WINDOW_WORDS = frozenset({"last", "from", "to"})


def parse(text: str) -> Tree:
    """The tree of a condition.

    >>> print(parse("NOT region in（“上海”，“浙江”） and spend_90d>=500.0"))
    region not in ('上海', '浙江') and spend_90d >= 500.0

    Raises:
        ConditionError: it does not parse or is too large; says where, what was expected, and what to write.
    """
    _check_length(text)
    tree = _Parser(tokenize(text)).whole()
    check_size(tree)
    _check_length(str(tree))  # so that what is saved can be read again
    return tree


def _check_length(text: str) -> None:
    if len(text) > MAX_LENGTH:
        hint = "import long lists of people or products as an audience of their own"
        raise ConditionError(f"the condition has {len(text)} characters; at most {MAX_LENGTH} are allowed", hint=hint)


class _Parser:
    """One method a rule of the grammar; `self.next` is the token that comes next."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def whole(self) -> Tree:
        if len(self.tokens) == 1:
            raise ConditionError("the condition is empty", hint="for example: spend_90d >= 500")
        tree = self.condition()
        if self.next.kind is not Kind.END:
            raise self.unexpected("'and', 'or' or the end", _advice_after(self.tokens[self.at - 1], self.next))
        return tree

    def condition(self) -> Tree:
        terms = [self.conjunction()]
        while self.take("or"):
            terms.append(self.conjunction())
        return Or(tuple(terms)) if len(terms) > 1 else terms[0]

    def conjunction(self) -> Tree:
        terms = [self.negation()]
        while self.take("and"):
            terms.append(self.negation())
        return And(tuple(terms)) if len(terms) > 1 else terms[0]

    def negation(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH + 1:
            raise too_deep()
        tree = self.term()
        self.depth -= 1
        return tree

    def term(self) -> Tree:
        if self.take("not"):
            return Not(self.negation())
        if self.take("("):
            tree = self.condition()
            self.expect(")", "'and', 'or' or ')'")
            return tree
        if self.take("did"):
            return self.did()
        return self.comparison()

    def comparison(self) -> Tree:
        name = self.name()
        if self.take("is"):
            negated = self.take("not")
            self.expect("null", "'null'")
            return _negated(IsNull(name.text, name.place), negated)
        negated = self.take("not")
        atom = self.worded(name)
        if atom is not None:
            return _negated(atom, negated)
        if negated:
            raise self.unexpected("'in', 'between' or 'contains'", "or turn it around: not city = …")
        operator = self.operator()
        if operator is None:
            raise self.unexpected("an operator", "use =, !=, <, <=, >, >=, in, between, contains or is null")
        return Compare(name.text, operator, self.value(), name.place)

    def name(self) -> Token:
        token = self.next
        if token.kind is not Kind.NAME:
            hint = "the name comes first: city = '上海'" if token.kind in {Kind.TEXT, Kind.NUMBER} else ""
            raise self.unexpected("a tag, 'not', 'did' or '('", hint)
        return self.advance()

    def worded(self, name: Token) -> Atom | None:
        """A comparison that is written with a word; None if another follows."""
        if self.take("in"):
            self.expect("(", "'('", "write the values in parentheses: region in ('上海', '浙江')")
            return In(name.text, self.values(), name.place)
        if self.take("between"):
            low = self.value()
            self.expect("and", "'and'", "a range is written: between 1 and 3")
            return Between(name.text, low, self.value(), name.place)
        if self.take("contains"):
            return Contains(name.text, self.text("a text").text, name.place)
        return None

    def values(self) -> tuple[Value, ...]:
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        self.expect(")", "',' or ')'")
        return tuple(values)

    def value(self) -> Value:
        token = self.next
        match token.kind, token.text:
            case Kind.TEXT, text:
                value: Value = text
            case Kind.NUMBER, digits:
                value = Decimal(digits)
            case Kind.WORD, "true" | "false" as word:
                value = word == "true"
            case Kind.WORD, "null":
                raise self.unexpected("a value", "an empty field is found with: is null")
            case Kind.NAME, name:
                raise self.unexpected("a value", f"a text stands in quotes: {quoted(name)}")
            case _:
                raise self.unexpected("a value")
        self.advance()
        return value

    def operator(self) -> Operator | None:
        if self.next.kind is Kind.SIGN and self.next.text in _OPERATORS:
            return Operator(self.advance().text)
        return None

    def did(self) -> Did:
        self.expect("(", "'('", "an event is named in parentheses: did('Order Completed')")
        event = self.text("an event")
        filters: list[Atom] = []
        window: dict[str, Token] = {}
        while self.take(","):
            if self.next.kind is Kind.WORD and self.next.text in _WINDOW_WORDS:
                self.window(window)
            else:
                filters.append(self.filter())
        self.expect(")", "',' or ')'")
        operator, count = self.times()
        return Did(event.text, tuple(filters), _window(window), operator, count, event.place)

    def filter(self) -> Atom:
        start = self.next
        tree = self.comparison()
        if isinstance(tree, Compare | In | Between | IsNull | Contains):
            return tree
        hint = "use !=, or count other rows with a did(…) of their own"
        raise refusal([Problem("a filter inside did(…) cannot be negated with not", hint, start.place)])

    def window(self, found: dict[str, Token]) -> None:
        """Read one word of a window and add what it says to those found before."""
        word = self.advance()
        if found and (word.text in found or "last" in {word.text, *found}):
            hint = "write last= alone, or from= and to= once each"
            raise refusal([Problem(f"a did(…) has one window, and {word} begins another", hint, word.place)])
        self.expect("=", "'='")
        found[word.text] = self.text("a window such as '7d'" if word.text == "last" else "a date such as '2026-10-01'")

    def times(self) -> tuple[Operator, int]:
        operator = self.operator()
        if operator is None:
            return Operator.AT_LEAST, 1
        token = self.next
        if token.kind is not Kind.NUMBER or not re.fullmatch("[0-9]{1,9}", token.text):
            raise self.unexpected("a whole number of events", "for example: did('Order Completed') >= 2")
        return operator, int(self.advance().text)

    def text(self, expected: str) -> Token:
        if self.next.kind is not Kind.TEXT:
            raise self.unexpected(f"{expected} in quotes")
        return self.advance()

    def take(self, text: str) -> bool:
        """Step over the next token if it is this word or sign."""
        if self.next.text == text and self.next.kind in {Kind.WORD, Kind.SIGN}:
            self.at += 1
            return True
        return False

    def expect(self, text: str, expected: str, hint: str = "") -> None:
        if not self.take(text):
            raise self.unexpected(expected, hint)

    def advance(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def unexpected(self, expected: str, hint: str = "") -> ConditionError:
        return refusal([Problem(f"expected {expected}, found {self.next}", hint, self.next.place)])


def _negated(atom: Atom, negated: bool) -> Tree:
    return Not(atom) if negated else atom


def _window(found: dict[str, Token]) -> Window:
    """The window that the tokens after ``last``, ``from`` and ``to`` describe."""
    if "last" in found:
        return _last(found["last"])
    start, end = (_date(found[word]) if word in found else None for word in ("from", "to"))
    if start and end and start > end:
        hint = "write the earlier date at from="
        raise refusal([Problem("the window ends before it starts", hint, found["from"].place)])
    return Dates(start, end)


def _last(token: Token) -> Last:
    match = re.fullmatch(r"([0-9]{1,5})([dw])", token.text)
    days = int(match[1]) * _DAYS[match[2]] if match else 0
    if not 1 <= days <= MAX_WINDOW_DAYS:
        hint = f"days or weeks up to {MAX_WINDOW_DAYS} days: '7d', '2w'"
        raise refusal([Problem(f"{quoted(token.text)} is no window", hint, token.place)])
    return Last(days)


def _date(token: Token) -> date:
    found = read_date(token.text)
    if found is None:
        problem = Problem(f"{quoted(token.text)} is no date", "a date is written '2026-10-01'", token.place)
        raise refusal([problem])
    return found


def _advice_after(last: Token, found: Token) -> str:
    """What an author probably meant who wrote something after a whole condition."""
    if last.kind is Kind.NUMBER and found.text == ",":
        return "a number has no separators: 1299.50"
    if found.text == ")":
        return "one ')' is too many"
    if found.text in {"in", "between"}:
        return "did(…) takes =, !=, <, <=, > or >= and a number"
    return "two conditions are joined with and, or or"
