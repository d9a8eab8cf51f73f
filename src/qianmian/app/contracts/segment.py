"""What the doors tell of audiences."""

from __future__ import annotations

from pydantic import Field

from qianmian.app.answers import People
from qianmian.app.condition_tree import condition_told
from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.condition import ConditionTold
from qianmian.app.contracts.profile import ComputedTold
from qianmian.app.questions.templates import CountedTemplates
from qianmian.app.questions.wording import Checked, Wording
from qianmian.core.language import Language
from qianmian.query.problems import Problem


class AudienceTold(Contract):
    """How many people meet a condition."""

    condition: str = Field(description="canonical text of the condition")
    size: int = Field(description="people who meet it")
    of_people: int = Field(description="people with a profile")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, people: People) -> AudienceTold:
        """The size, without naming anybody."""
        told = ComputedTold.of(people.computed)
        return cls(condition=people.condition, size=people.size(), of_people=people.of_people, computed=told)


class ClauseTold(Contract):
    """A term of the outermost *and* or *or* of a condition."""

    condition: str = Field(description="its canonical text")
    sentence: str = Field(description="the same in words")
    people: int = Field(description="who meet it, whatever the other clauses say")


class ClausesTold(Contract):
    """How many people meet each clause of a condition by itself."""

    condition: str = Field(description="canonical text of the condition")
    clauses: list[ClauseTold] = Field(description="in the order in which they stand; one if nothing joins them")
    of_people: int = Field(description="people with a profile")
    computed: ComputedTold = Field(description="from which build")


class MembersTold(AudienceTold):
    """Who meets a condition."""

    members: list[str] = Field(description="ids of people, ascending, up to the limit")

    @classmethod
    def of(cls, people: People) -> MembersTold:
        """Size and members."""
        return cls(**AudienceTold.of(people).model_dump(), members=people.members())


class ProblemTold(Contract):
    """One thing that the author of a condition must change."""

    what: str = Field(description="what is wrong")
    hint: str = Field(description="what to write instead; may be empty")
    at: int | None = Field(description="first character of the place, from 0; empty = the whole condition")
    length: int | None = Field(description="characters of the place")
    line: int | None = Field(description="its line, from 1")
    column: int | None = Field(description="its character within the line, from 1")

    @classmethod
    def of(cls, problem: Problem, language: Language) -> ProblemTold:
        """The problem with its place as numbers; characters are code points."""
        place = problem.place
        told = {"what": problem.message.what(language), "hint": problem.message.hint(language)}
        if place is None:
            return cls(**told, at=None, length=None, line=None, column=None)
        return cls(**told, at=place.at, length=place.length, line=place.line, column=place.column)


class CheckedTold(Contract):
    """What a look at a condition found."""

    text: str = Field(description="what was looked at; of a condition in parts, what they say")
    condition: str | None = Field(description="its canonical text; empty = something is wrong")
    tree: ConditionTold | None = Field(description="the same as a tree; empty = it is not understood")
    sentence: str = Field(description="the same in words; empty = it is not understood")
    problems: list[ProblemTold] = Field(description="what is wrong, in the order in which it stands")

    @classmethod
    def of(cls, checked: Checked, language: Language) -> CheckedTold:
        """All problems with their places."""
        problems = [ProblemTold.of(one, language) for one in checked.problems]
        told = None if checked.tree is None else condition_told(checked.tree)
        return cls(
            text=checked.text,
            condition=checked.condition,
            tree=told,
            sentence=checked.sentence,
            problems=problems,
        )


class NamedTagTold(Contract):
    """A tag as a condition compares it."""

    name: str = Field(description="what the condition calls it")
    type: str = Field(description="type of its values")
    values: tuple[str, ...] = Field(description="the only values; empty = any")
    zh: str = Field(description="title in Chinese")
    en: str = Field(description="title in English")


class FilterTold(Contract):
    """What a filter inside did(…) compares."""

    name: str = Field(description="what the condition calls it")
    type: str = Field(description="type of its values")


class WordingTold(Contract):
    """Everything that a condition can name."""

    tags: list[NamedTagTold] = Field(description="what is compared of a person")
    events: list[str] = Field(description="what did(…) counts")
    filters: list[FilterTold] = Field(description="what stands inside did(…)")
    tie_kinds: list[str] = Field(description="kinds of tie that friends(…) and within(…) can name")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, words: Wording) -> WordingTold:
        """The names with their types in words."""
        return cls(
            tags=[
                NamedTagTold(name=tag.name, type=tag.type.value[0], values=tag.values, zh=tag.zh, en=tag.en)
                for tag in words.tags
            ],
            events=words.events,
            filters=[FilterTold(name=one.name, type=one.type.value[0]) for one in words.filters],
            tie_kinds=words.tie_kinds,
            computed=ComputedTold.of(words.computed),
        )


class AudienceTemplateTold(Contract):
    """An audience to begin with."""

    name: str = Field(description="stable name")
    goal: str = Field(description="keep, repeat, convert, win_back, target or spread")
    title: str = Field(description="what the people are called, in the reader's language")
    use: str = Field(description="what one does with them, in the reader's language")
    condition: str = Field(description="whom it holds")
    people: int | None = Field(description="how many; empty = this shop cannot tell")


class AudienceTemplatesTold(Contract):
    """Audiences to begin with."""

    of_people: int = Field(description="people with a profile")
    templates: list[AudienceTemplateTold] = Field(description="by goal")
    computed: ComputedTold = Field(description="from which build")

    @classmethod
    def of(cls, found: CountedTemplates, language: Language) -> AudienceTemplatesTold:
        """The templates in a language."""
        return cls(
            of_people=found.of_people,
            templates=[
                AudienceTemplateTold(
                    name=one.template.name,
                    goal=one.template.goal,
                    title=one.template.titles[language],
                    use=one.template.uses[language],
                    condition=one.condition,
                    people=one.people,
                )
                for one in found.templates
            ],
            computed=ComputedTold.of(found.computed),
        )
