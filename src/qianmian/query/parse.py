"""From an author's text to a tree, by recursive descent.

condition  = conjunction { "or" conjunction }
conjunction = negation { "and" negation }
negation   = "not" negation | "(" condition ")" | did | sequence | friends | within | audience | journey | comparison
did        = "did" "(" text { "," (window | comparison) } ")" [ operator whole-number ]
sequence   = "sequence" "(" step "," step { "," step } { "," (window | "within" "=" '7d') } ")"
step       = "did" "(" text { "," comparison } ")"
friends    = "friends" "(" condition { "," comparison } ")" [ operator whole-number ]
within     = "within" "(" condition "," comparison { "," comparison } ")"
audience   = "audience" "(" whole-number { "," comparison } ")"
journey    = "journey" "(" text [ "," "last" "=" '7d' ] ")" ( "=" text | "in" "(" text { "," text } ")" )
window     = "last" "=" '7d' | "from" "=" date | "to" "=" date
comparison = name ( operator value | "is" ["not"] "null"
                  | ["not"] ( "in" "(" value { "," value } ")" | "between" value "and" value | "contains" text ) )
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from qianmian.core.errors import ConditionError
from qianmian.core.messages import Message, either
from qianmian.query import tied as ties
from qianmian.query.journey import journey
from qianmian.query.member import member
from qianmian.query.problems import Problem, quoted, refusal
from qianmian.query.size import MAX_DEPTH, MAX_LENGTH, check_size, too_deep
from qianmian.query.tokens import Kind, Token, tokenize
from qianmian.query.tree import (
    MAX_HOPS,
    MAX_STEPS,
    And,
    Atom,
    Between,
    Compare,
    Contains,
    Did,
    Friends,
    In,
    IsNull,
    Journey,
    Member,
    Not,
    Operator,
    Or,
    Sequence,
    Tree,
    Value,
    Within,
)
from qianmian.query.window import MAX_WINDOW_DAYS, Dates, Last, Window, read_date, read_seconds

_OPERATORS = frozenset(Operator)
_DAYS = {"d": 1, "w": 7}
_CALLS = ("did", "sequence", "friends", "within", "audience", "journey")
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
        raise ConditionError("condition_too_long", length=len(text), most=MAX_LENGTH)


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
            raise ConditionError("empty_condition")
        tree = self.condition()
        if self.next.kind is not Kind.END:
            found = either("'and'", "'or'", Message("the_end"))
            raise self.unexpected(found, _advice_after(self.tokens[self.at - 1], self.next))
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
            self.expect(")", either("'and'", "'or'", "')'"))
            return tree
        if self.take("did"):
            return self.did()
        if self.next.kind is Kind.WORD and self.next.text in _CALLS:
            return self.call(self.advance())
        return self.comparison()

    def call(self, word: Token) -> Tree:
        """What begins with a word and a parenthesis."""
        match word.text:
            case "sequence":
                return self.sequence(word)
            case "audience":
                return self.member(word)
            case "journey":
                return self.journey(word)
            case _:
                return self.social(word)

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
            raise self.unexpected(either("'in'", "'between'", "'contains'"), "turn_around")
        operator = self.operator()
        if operator is None:
            raise self.unexpected(Message("an_operator"), "use_operators")
        return Compare(name.text, operator, self.value(), name.place)

    def name(self) -> Token:
        token = self.next
        if token.kind is not Kind.NAME:
            hint = "name_first" if token.kind in {Kind.TEXT, Kind.NUMBER} else ""
            raise self.unexpected(either(Message("a_tag"), "'not'", *map(quoted, _CALLS), "'('"), hint)
        return self.advance()

    def worded(self, name: Token) -> Atom | None:
        """A comparison that is written with a word; None if another follows."""
        if self.take("in"):
            self.expect("(", "'('", "values_in_parentheses")
            return In(name.text, self.values(), name.place)
        if self.take("between"):
            low = self.value()
            self.expect("and", "'and'", "write_range")
            return Between(name.text, low, self.value(), name.place)
        if self.take("contains"):
            return Contains(name.text, self.text(Message("type_text")).text, name.place)
        return None

    def values(self) -> tuple[Value, ...]:
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        self.expect(")", either("','", "')'"))
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
                raise self.unexpected(Message("a_value"), "use_is_null")
            case Kind.NAME, name:
                raise self.unexpected(Message("a_value"), Message("text_needs_quotes", text=quoted(name)))
            case _:
                raise self.unexpected(Message("a_value"))
        self.advance()
        return value

    def operator(self) -> Operator | None:
        if self.next.kind is Kind.SIGN and self.next.text in _OPERATORS:
            return Operator(self.advance().text)
        return None

    def did(self) -> Did:
        self.expect("(", "'('", "write_did")
        event = self.text(Message("an_event"))
        filters: list[Atom] = []
        window: dict[str, Token] = {}
        while self.take(","):
            if self.next.kind is Kind.WORD and self.next.text in _WINDOW_WORDS:
                self.window(window)
            else:
                filters.append(self.filter())
        self.expect(")", either("','", "')'"))
        operator, count = self.times()
        return Did(event.text, tuple(filters), _window(window), operator, count, event.place)

    def sequence(self, word: Token) -> Sequence:
        self.expect("(", "'('", "write_sequence")
        steps = [self.step()]
        window: dict[str, Token] = {}
        seconds: int | None = None
        while self.take(","):
            if self.next.text == "within" and self.next.kind is Kind.WORD:
                if seconds is not None:
                    raise refusal([Problem(Message("second_window", word=self.next.said), self.next.place)])
                seconds = self.within()
            elif self.next.kind is Kind.WORD and self.next.text in _WINDOW_WORDS:
                self.window(window)
            else:
                steps.append(self.step())
        self.expect(")", either("','", "')'"))
        if not 2 <= len(steps) <= MAX_STEPS:
            raise refusal([Problem(Message("steps_of_sequence", steps=len(steps), most=MAX_STEPS), word.place)])
        return Sequence(tuple(steps), seconds, _window(window), word.place)

    def step(self) -> Did:
        """An event of a sequence: its dates and how often are said of the whole."""
        start = self.next
        self.expect("did", "'did'", "write_sequence")
        did = self.did()
        if did != Did(did.event, did.filters):
            raise refusal([Problem(Message("more_than_a_step"), start.place)])
        return did

    def within(self) -> int:
        """What ``within='7d'`` says, in seconds."""
        self.advance()
        self.expect("=", "'='")
        token = self.text(Message("a_stretch"))
        seconds = read_seconds(token.text)
        if seconds is None:
            raise refusal([Problem(Message("no_stretch", text=quoted(token.text), most=MAX_WINDOW_DAYS), token.place)])
        return seconds

    def social(self, word: Token) -> Friends | Within:
        """What stands behind the word ``friends`` or ``within``."""
        self.expect("(", "'('", "write_friends" if word.text == "friends" else "write_within")
        term = self.condition()
        said: list[Atom] = []
        while self.take(","):
            said.append(self.filter())
        self.expect(")", either("','", "')'", "'and'", "'or'"))
        if word.text == "friends":
            found = ties.by_name(said, ties.OF_FRIENDS)
            return Friends(term, ties.tied(found), *self.times(), word.place)
        found = ties.by_name(said, ties.OF_WITHIN)
        hops = ties.hops(found)
        if hops is None:
            raise refusal([Problem(Message("write_hops", most=MAX_HOPS), word.place)])
        return Within(term, hops, ties.tied(found), word.place)

    def member(self, word: Token) -> Member:
        """What stands behind the word ``audience``."""
        self.expect("(", "'('", "name_audience")
        if self.next.kind is not Kind.NUMBER:
            raise self.unexpected(Message("a_number_of_an_audience"), "name_audience")
        number = Decimal(self.advance().text)
        said: list[Atom] = []
        while self.take(","):
            said.append(self.filter())
        self.expect(")", either("','", "')'"))
        return member(number, said, word.place)

    def journey(self, word: Token) -> Journey:
        """What stands behind the word ``journey``."""
        self.expect("(", "'('", "write_journey")
        category, window = self.text(Message("a_category")), dict[str, Token]()
        while self.take(","):
            self.window(window)
        self.expect(")", either("','", "')'"))
        if self.take("in"):
            self.expect("(", "'('", "values_in_parentheses")
            return journey(category.text, self.values(), _window(window), word.place)
        self.expect("=", either("'='", "'in'"), "write_journey")
        return journey(category.text, (self.text(Message("a_stage")).text,), _window(window), word.place)

    def filter(self) -> Atom:
        start = self.next
        tree = self.comparison()
        if isinstance(tree, Compare | In | Between | IsNull | Contains):
            return tree
        raise refusal([Problem(Message("negated_filter"), start.place)])

    def window(self, found: dict[str, Token]) -> None:
        """Read one word of a window and add what it says to those found before."""
        word = self.advance()
        if found and (word.text in found or "last" in {word.text, *found}):
            raise refusal([Problem(Message("second_window", word=word.said), word.place)])
        self.expect("=", "'='")
        found[word.text] = self.text(Message("a_window" if word.text == "last" else "a_date"))

    def times(self) -> tuple[Operator, int]:
        operator = self.operator()
        if operator is None:
            return Operator.AT_LEAST, 1
        token = self.next
        if token.kind is not Kind.NUMBER or not re.fullmatch("[0-9]{1,9}", token.text):
            raise self.unexpected(Message("a_number_of_events"), "write_times")
        return operator, int(self.advance().text)

    def text(self, expected: Message) -> Token:
        if self.next.kind is not Kind.TEXT:
            raise self.unexpected(Message("in_quotes", what=expected))
        return self.advance()

    def take(self, text: str) -> bool:
        """Step over the next token if it is this word or sign."""
        if self.next.text == text and self.next.kind in {Kind.WORD, Kind.SIGN}:
            self.at += 1
            return True
        return False

    def expect(self, text: str, expected: Message | str, hint: str = "") -> None:
        if not self.take(text):
            raise self.unexpected(expected, hint)

    def advance(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def unexpected(self, expected: Message | str, hint: Message | str = "") -> ConditionError:
        """The error at the next token; the hint is a message, or the name of one without values."""
        advice = Message(hint) if isinstance(hint, str) and hint else hint
        return refusal(
            [Problem(Message("expected", expected=expected, found=self.next.said, hint=advice), self.next.place)]
        )


def _negated(atom: Atom, negated: bool) -> Tree:
    return Not(atom) if negated else atom


def _window(found: dict[str, Token]) -> Window:
    """The window that the tokens after ``last``, ``from`` and ``to`` describe."""
    if "last" in found:
        return _last(found["last"])
    start, end = (_date(found[word]) if word in found else None for word in ("from", "to"))
    if start and end and start > end:
        raise refusal([Problem(Message("window_backwards"), found["from"].place)])
    return Dates(start, end)


def _last(token: Token) -> Last:
    match = re.fullmatch(r"([0-9]{1,5})([dw])", token.text)
    days = int(match[1]) * _DAYS[match[2]] if match else 0
    if not 1 <= days <= MAX_WINDOW_DAYS:
        raise refusal([Problem(Message("no_window", text=quoted(token.text), most=MAX_WINDOW_DAYS), token.place)])
    return Last(days)


def _date(token: Token) -> date:
    found = read_date(token.text)
    if found is None:
        raise refusal([Problem(Message("no_date", text=quoted(token.text)), token.place)])
    return found


def _advice_after(last: Token, found: Token) -> str:
    """What an author probably meant who wrote something after a whole condition."""
    if last.kind is Kind.NUMBER and found.text == ",":
        return "number_without_separators"
    if found.text == ")":
        return "one_parenthesis_too_many"
    if found.text in {"in", "between"}:
        return "did_takes"
    return "join_conditions"
