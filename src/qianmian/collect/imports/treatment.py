"""How the events of a source are treated, beside what their mapping says."""

from __future__ import annotations

from dataclasses import dataclass

from qianmian.collect.consent import USUAL, Consent
from qianmian.collect.imports.personal_data import PersonalData
from qianmian.collect.imports.shape import Shape
from qianmian.collect.traffic.flag import BUILT_IN, Traffic


@dataclass(frozen=True)
class Treatment:
    """What is declared for a source.

    Attributes:
        consent: which category of consent means which purpose.
        traffic: by what events are flagged that may be no visits of people.
        personal_data: what becomes of personal data that nobody declared.
    """

    consent: Consent = USUAL
    traffic: Traffic = BUILT_IN
    personal_data: PersonalData = PersonalData.MASK

    def apply(self, shape: Shape) -> None:
        """Have the typed layer tell consent and traffic."""
        self.consent.read(shape)
        self.traffic.flag(shape)


#: What holds where nothing is declared.
AS_USUAL = Treatment()
