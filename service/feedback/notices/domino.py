"""Lotus Notes and Domino, by their language packs; GroupWise; the older Notes gateways."""

from service.feedback.notices.dialect import Dialect

DIALECTS = (
    Dialect(
        "Domino",
        lists=(
            r"(?:was not|could not be|has not been|cannot be) delivered to:",
            r"(?:wurde|konnte) (?:nicht )?(?:zugestellt|an folgende empfänger|an)[^\n:]{0,60}:",
            r"kann nicht zugestellt werden an:|wurde nicht gesendet an:",
            r"n'a pas (?:été|pu être) (?:distribué|remis|délivré|transmis)[^\n:]{0,30}\s?:",
            r"no (?:se entregó|fue entregado|ha sido entregado|se ha entregado|pudo entregarse)[^\n:]{0,10} a:",
            r"non è stato (?:consegnato|recapitato|inviato) a:",
            r"não foi (?:entregue|enviada?) (?:a|para):",
            r"não foi possível entregar[^\n:]{0,40}:",
            r"(?:не было|не был) доставлен[оа]?[^\n:]{0,40}:",
            r"(?:以下の(?:宛先|あて先)に)?配信(?:され|でき)ませんでした[:：]|未能(?:传递|送达)给[:：]",
            (
                r"is niet (?:bezorgd|afgeleverd) bij:|blev ikke leveret til:|levererades inte till:"
                r"|nie zosta[lł]a? dostarczon[aey] do:"
            ),
        ),
        reason=(
            r"(?:because|weil|grund|begründung|motif|raison|car|porque|perché|motivo|por|ошибка|причина|理由|原因|omdat"
            r"|fordi)\s?[:：]\s*\n"
        ),
    ),
    Dialect(
        "Notes",
        lists=(r"-{4,} failure reasons -{4,}",),
        doubtful=True,
    ),
    Dialect(
        "GroupWise",
        lists=(r"(?:the message that you sent was|message was) undeliverable to the following:",),
        signs=r"groupwise|undeliverable to the following",
    ),
)
