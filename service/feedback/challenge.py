"""Challenges: a mailbox that takes mail from strangers only once they have shown themselves to be people."""

import re

from service.feedback.mime import Part
from service.feedback.own_words import own_words

_SIGNS = re.compile(r"x-(bluebottle|spamarrest|boxtrapper|tmda|ask|spamlion|choicemail|mailblocks)-", re.IGNORECASE)
_LINK = re.compile(r"https?://|mailto:|\breply to this (?:e-?mail|message)\b", re.IGNORECASE)
# Each is what only a gatekeeper says to a stranger; a person who writes about spam filters says none of them.
_ASKING = re.compile(
    r"(?:account|mailbox|e-?mail(?: address)?|inbox) is (?:being )?protected by"
    r"|add(?:ed)? (?:you |your (?:e-?mail )?address )?to (?:the recipient's|my|his|her|our|the) "
    r"(?:allowed|approved|white|safe|guest|trusted)[ -]?(?:senders?)?[ -]?list"
    r"|(?:confirm|verify|prove) (?:that )?you(?:'re| are) (?:a (?:human|real person)|not (?:a (?:robot|spammer)|spam))"
    r"|(?:your|this) (?:e-?mail|message) (?:is|has been) (?:being )?(?:held|quarantined)[^.]{0,80}(?:until|confirm)"
    r"|(?:to|please) (?:confirm|authenticate|verify)[^.]{0,60}(?:so that|before|in order)[^.]{0,40}deliver(?:ed|y)"
    r"|ensure (?:the )?delivery of your (?:e-?mail|message)"
    r"|um die zustellung ihrer (?:e-?mail|nachricht) (?:zu best[äa]tigen|freizugeben)"
    r"|pour que votre (?:e-?mail|message|courriel) soit (?:remis|d[ée]livr[ée])"
    r"|para que su (?:correo|mensaje) sea entregado"
    r"|подтвердите,? (?:пожалуйста,? )?(?:что вы (?:не (?:робот|спамер)|человек)|отправку (?:этого )?письма)",
    re.IGNORECASE,
)


def asks(parts: tuple[Part, ...]) -> bool:
    """Whether the message is such a challenge: marked as one, or in its words and with something to press."""
    if any(_SIGNS.match(name) for name, _ in parts[0].headers.pairs):
        return True
    said = " ".join(own_words(parts).split())
    return _ASKING.search(said) is not None and _LINK.search(said) is not None
