"""What a notice says until its officer says it better, by language; English where there is none."""

from service.models import NoticeKind

K = NoticeKind
MARKS = {
    "en": {K.UPDATE: "UPDATE", K.CORRECTION: "CORRECTION", K.HOLD: "HOLD", K.KILL: "WITHDRAWN"},
    "ru": {K.UPDATE: "ОБНОВЛЕНИЕ", K.CORRECTION: "ИСПРАВЛЕНИЕ", K.HOLD: "ПРИОСТАНОВЛЕНО", K.KILL: "ОТОЗВАНО"},
    "kk": {K.UPDATE: "ЖАҢАРТУ", K.CORRECTION: "ТҮЗЕТУ", K.HOLD: "ТОҚТАТЫЛДЫ", K.KILL: "КЕРІ ҚАЙТАРЫЛДЫ"},
}
LEADS = {
    "en": {
        K.HOLD: "Please do not use this release until we write again: we are checking a statement in it. "
        "If you have published it, please hold it back.",
        K.KILL: "Please do not use this release. It is withdrawn. If you have published it, please take it down.",
    },
    "ru": {
        K.HOLD: "Просим не использовать этот релиз до нашего следующего письма: мы проверяем одно из утверждений. "
        "Если вы его уже опубликовали, просим временно снять публикацию.",
        K.KILL: "Просим не использовать этот релиз: он отозван. Если вы его опубликовали, просим снять публикацию.",
    },
    "kk": {
        K.HOLD: "Келесі хатымызға дейін бұл релизді пайдаланбауыңызды сұраймыз: ондағы мәліметті тексеріп жатырмыз. "
        "Жариялап қойсаңыз, уақытша алып тастауыңызды сұраймыз.",
        K.KILL: "Бұл релизді пайдаланбауыңызды сұраймыз: ол кері қайтарылды. Жарияласаңыз, алып тастауыңызды сұраймыз.",
    },
}
LONGEST_HEADLINE = 255


def headline(kind: NoticeKind, language: str, earlier: str) -> str:
    """The earlier headline with the mark of agencies before it, which mail programs show first."""
    mark = MARKS.get(language.partition("-")[0], MARKS["en"])[kind]
    return f"{mark}: {earlier}"[:LONGEST_HEADLINE]


def lead(kind: NoticeKind, language: str) -> str | None:
    """What a hold or a kill asks for; None for what begins with the earlier text."""
    return LEADS.get(language.partition("-")[0], LEADS["en"]).get(kind)
