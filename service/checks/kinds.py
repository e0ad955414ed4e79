"""What can be said about a release before it leaves: each kind, how much it weighs, and its sentence."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum


class Level(StrEnum):
    """Whether it stops an approval, or is for a person to weigh."""

    BLOCKING = "blocking"
    ADVISING = "advising"


class Kind(StrEnum):
    """What was found, in the order in which it is shown."""

    NO_HEADLINE = "no-headline"
    NO_TEXT = "no-text"
    UNRESOLVED = "unresolved"
    IMMEDIATE_UNDER_EMBARGO = "immediate-under-embargo"
    EMBARGO_ONLY_IN_TEXT = "embargo-only-in-text"
    OVERRIDES = "overrides"
    KIT_TOO_LARGE = "kit-too-large"

    NOBODY = "nobody"
    TRANSLATION_MISSING = "translation-missing"
    HEADLINE_UNTRANSLATED = "headline-untranslated"
    EMBARGO_OVER = "embargo-over"
    LEAVES_AFTER_EMBARGO = "leaves-after-embargo"
    EMBARGO_WITHOUT_ZONE = "embargo-without-zone"
    HEADLINE_LONG = "headline-long"
    HEADLINE_SHORT = "headline-short"
    HEADLINE_CAPITALS = "headline-capitals"
    HEADLINE_STOP = "headline-stop"
    NO_DATELINE = "no-dateline"
    DATELINE_FORM = "dateline-form"
    DATELINE_DAY = "dateline-day"
    NO_LEAD = "no-lead"
    LEAD_LONG = "lead-long"
    BODY_SHORT = "body-short"
    BODY_LONG = "body-long"
    END_MARK = "end-mark"
    MIXED_SCRIPTS = "mixed-scripts"
    HIDDEN = "hidden"
    NO_CONTACT = "no-contact"
    CONTACT_UNREACHABLE = "contact-unreachable"
    LINK_DEAD = "link-dead"
    LINK_UNSURE = "link-unsure"
    LINK_INSIDE = "link-inside"
    LINK_WORDS = "link-words"
    MAIL_LARGE = "mail-large"
    NO_ALT = "no-alt"
    NO_CREDIT = "no-credit"


B, A = Level.BLOCKING, Level.ADVISING
RULES: Mapping[Kind, tuple[Level, str]] = {
    Kind.NO_HEADLINE: (B, "The headline is empty, so the mail would have no subject."),
    Kind.NO_TEXT: (B, "There is no text yet: neither a lead nor a body."),
    Kind.UNRESOLVED: (B, "“%(found)s” still stands in the text. Put in what belongs there, or take it out."),
    Kind.IMMEDIATE_UNDER_EMBARGO: (
        B,
        "The text says “%(found)s”, but the release is under embargo. Take out one of the two.",
    ),
    Kind.EMBARGO_ONLY_IN_TEXT: (
        B,
        "The text says “%(found)s”, but no embargo is set: it would be public as soon as it leaves.",
    ),
    Kind.OVERRIDES: (
        B,
        "Hidden characters turn the direction of the text (%(found)s): it reads otherwise than it is. Take them out.",
    ),
    Kind.KIT_TOO_LARGE: (
        B,
        "The press kit has %(size)s MB; %(most)s MB are the most. Leave out files or make them smaller.",
    ),
    Kind.NOBODY: (
        A,
        "Nobody would get it by mail: no subscriber of its topics is left. It would only be in the newsroom.",
    ),
    Kind.TRANSLATION_MISSING: (
        A,
        "%(people)s of its readers read “%(code)s”, in which there is no edition; they get it in “%(instead)s”.",
    ),
    Kind.HEADLINE_UNTRANSLATED: (A, "The headline is that of the first edition, word for word. Translate it."),
    Kind.EMBARGO_OVER: (A, "Its embargo ended already. Take it out, or choose another time."),
    Kind.LEAVES_AFTER_EMBARGO: (
        A,
        "It leaves %(hours)s hours after its embargo ends; whoever has it early may publish before others know of it.",
    ),
    Kind.EMBARGO_WITHOUT_ZONE: (
        A,
        "Its embargo is said in UTC. Choose the time zone your journalists go by, so that nobody reckons wrong.",
    ),
    Kind.HEADLINE_LONG: (A, "The headline has %(number)s characters; beyond %(most)s, inboxes cut it off."),
    Kind.HEADLINE_SHORT: (A, "The headline is very short. Say in about ten words what is new."),
    Kind.HEADLINE_CAPITALS: (A, "The headline is in capitals, which reads as shouting and looks like spam."),
    Kind.HEADLINE_STOP: (A, "The headline ends with a full stop. Leave it out."),
    Kind.NO_DATELINE: (A, "There is no dateline. Begin with place and date, as “ASTANA, 22 January 2024 –”."),
    Kind.DATELINE_FORM: (
        A,
        "The dateline “%(found)s” lacks a place or a whole date. Write it as “ASTANA, 22 January 2024 –”.",
    ),
    Kind.DATELINE_DAY: (A, "The dateline’s day, %(day)s, is more than a week from the day it leaves."),
    Kind.NO_LEAD: (A, "There is no lead. Say in one paragraph who, what, when, where and why."),
    Kind.LEAD_LONG: (A, "The lead has %(number)s words; journalists want the news within %(most)s."),
    Kind.BODY_SHORT: (A, "The text has %(number)s words only; a journalist will have to ask."),
    Kind.BODY_LONG: (A, "The text has %(number)s words; beyond %(most)s it is seldom read to the end."),
    Kind.END_MARK: (A, "The text brings its own end mark (“%(found)s”); the mail sets one, so there would be two."),
    Kind.MIXED_SCRIPTS: (A, "“%(found)s” mixes Latin and Cyrillic letters that look alike: searches will not find it."),
    Kind.HIDDEN: (
        A,
        "Characters that nobody sees stand in the text (%(found)s). They are left over from copying, usually.",
    ),
    Kind.NO_CONTACT: (A, "No media contact is named. Say whom journalists can call."),
    Kind.CONTACT_UNREACHABLE: (
        A,
        "%(name)s has neither telephone nor e-mail address, so nobody can reach this contact.",
    ),
    Kind.LINK_DEAD: (A, "The link %(url)s leads nowhere."),
    Kind.LINK_UNSURE: (A, "The link %(url)s did not answer when it was tried. Open it yourself."),
    Kind.LINK_INSIDE: (A, "The link %(url)s leads to a test or internal address that readers cannot open."),
    Kind.LINK_WORDS: (A, "The words “%(found)s” of a link do not say where it leads."),
    Kind.MAIL_LARGE: (A, "The mail has %(size)s kB; Gmail cuts it off after %(most)s kB and hides the rest."),
    Kind.NO_ALT: (A, "The picture %(name)s has no description, so who cannot see it learns nothing of it."),
    Kind.NO_CREDIT: (A, "The picture %(name)s has no credit, so editors do not know whether they may print it."),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One thing that was found, and where: `field` of the writing page, `language` "" for what all editions share."""

    kind: Kind
    field: str
    language: str = ""
    values: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    @property
    def level(self) -> Level:
        return RULES[self.kind][0]

    @property
    def words(self) -> str:
        """Its sentence, with places for the values as `%(name)s`."""
        return RULES[self.kind][1]

    def __str__(self) -> str:
        return self.words % self.values
