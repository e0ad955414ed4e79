"""What mail servers say of a mailbox and its domain, by meaning and language; smtp_words.py says what they meet,
and nobody_words.py that there is no such mailbox.
"""

from service.feedback.smtp_words import any_of

NO_DOMAIN = any_of(
    (
        r"\b(?:host|domain)(?: name)?(?: is| was)?(?: unknown| not found| does not exist| doesn't exist"
        r"| does not resolve| is invalid|"
        r" could not be found| name not found| isn't valid)\b"
    ),
    r"\b(?:unknown|no such|invalid|bad|non-?existent|illegal) (?:mail )?(?:host|domain)\b",
    r"\bdomain\b[^.;]{0,60}\b(?:does not|doesn't|never) (?:receive|accept)s? (?:e-?)?mail\b",
    r"\bnxdomain\b|\bnull mx\b|\bdomain is not reachable\b|\bindicated no smtp service\b|\bnon-?existent hosts?\b",
    (
        r"\bcouldn't find (?:any host named|a mail exchanger or ip)|\bcould not find (?:any host|a mail exchanger)"
        r"|\bno mail exchangers?\b"
    ),
    (
        r"\bdns lookup failure: host\b[^.;]{0,20}\bnot found\b|\bhost not found\b|\bno mx or a(?:aaa)? record"
        r"|\bno such domain\b"
    ),
    r"\b(?:name|domain|server|address)\b[^.;]{0,20}\bnot found in dns\b|\bdomain (?:has )?(?:expired|no longer)\b",
    (
        r"\bunrouteable (?:mail )?domain\b|\bdomain name not (?:found|valid)\b|\bno (?:valid )?mx record\b"
        r"|\bmail domain\b[^.;]{0,20}\bdoes not exist\b"
    ),
    (
        r"\b(?:domane|domain)\b[^.;]{0,30}\b(?:existiert nicht|unbekannt|nicht gefunden)\b"
        r"|\bdomaine\b[^.;]{0,30}\b(?:inconnu|n'existe pas)\b"
    ),
    (
        r"\bdominio\b[^.;]{0,30}\b(?:no existe|desconocido|inexistente|nao existe|non esiste|inesistente)\b"
        r"|домен\w*[^.;]{0,30}не (?:существует|найден)"
    ),
)
"""The domain is nobody's, or takes no mail."""

FULL = any_of(
    (
        r"\b(?:over|exceed\w*|above|beyond|out of|full|reached|surpassed)\b[^.;:]{0,30}\bquota\b"
        r"|\bquota\b[^.;:]{0,30}\b(?:full|exceeded|exceed|reached|violation|over)\b|\bover ?quota\b|\bdisk quota\b"
        r"|\boverquota\w*"
    ),
    (
        r"\b(?:mail ?box|inbox|mail ?folder|account|mail ?drop|user|recipient|mail storage|mailspool|mail directory"
        r"|storage)\b[^.;]{0,40}\b"
        r"(?:full|size limit|out of (?:storage|space)|exceed(?:s|ed)? (?:(?:the )?local|allowed|maximum|the|storage"
        r"|its)"
        r"|over (?:its |the |his )?(?:storage |size |mailbox )?limit"
        r"|too (?:full|large|big)|no space|has exceeded)"
    ),
    (
        r"\bno space (?:left )?in (?:the |his )?mail ?box\b|\bquota\b[^.;:]{0,20}\bexhausted\b"
        r"|\bfull (?:mail ?box|inbox)\b|\bmail ?box (?:space )?(?:not enough|size|exceed|quota|limit)\b"
        r"|\bmail box space not enough\b"
    ),
    (
        r"\btoo many messages\b|\bstorage allocation\b|\bnot enough (?:storage|disk|mailbox) space\b"
        r"|\binsufficient (?:mailbox|quota|user)\b"
    ),
    (
        r"\ballocated (?:storage|message storage)\b|\bmaximum (?:storage|mailbox size|number of messages)\b"
        r"|\bover the (?:allowed|maximum|limit)\b"
    ),
    (
        r"\bwould (?:be over|exceed|put)\b[^.;]{0,40}\b(?:quota|limit|mailbox)\b|\bstorage (?:quota|limit"
        r"|space)\b[^.;]{0,20}\b(?:exceed|full|reached)"
    ),
    (
        r"\bpostfach\b[^.;]{0,40}\b(?:voll|uberfullt|erschopft|uberschritten)|\b(?:speicherplatz|quota"
        r"|kontingent)\b[^.;]{0,40}\b(?:erschopft|uberschritten|voll)"
    ),
    r"\b(?:boite|bal|messagerie|quota|espace)\b[^.;]{0,40}\b(?:pleine?|depasse\w*|sature\w*|satisfait|insuffisant)",
    (
        r"\b(?:buzon|casilla|cuenta|casella|caixa|cuota|quota|bandeja|espacio)\b[^.;]{0,40}\b(?:llen[oa]|excedid[oa]"
        r"|super(?:ad[oa]|ato)|pien[oa]|chei[oa]|lotad[oa]"
        r"|supero|excede|superata|esaurit[oa]|insuficiente)"
    ),
    (
        r"(?:ящик\w*|квот\w*|хранилищ\w*)[^.;]{0,40}(?:переполн\w*|заполн\w*|превыш\w*|исчерпан\w*)|(?:переполн\w*"
        r"|превышен\w*)[^.;]{0,30}(?:ящик\w*|квот\w*)"
    ),
    (
        r"\b(?:postvak|mailbox|postbus)\b[^.;]{0,20}\b(?:vol|overschreden)\b|\bskrzynka\b[^.;]{0,30}\b(?:pelna"
        r"|przepelniona)\b|\b(?:przekroczono|przekroczony) (?:limit|quota)"
        r"|\bschranka\b[^.;]{0,30}\b(?:plna|preplnena)\b"
        r"|\b(?:posta kutusu|kota)\b[^.;]{0,30}\b(?:dolu|asildi|doldu)\b|\bpostafiok\b[^.;]{0,20}\b(?:megtelt|tele)\b"
        r"|\b(?:brevlada|postlada|innboks|indbakke|postkasse|postboks)\w*\b[^.;]{0,20}\b(?:full|fuld)\b"
        r"|\b(?:postilaatikko|saapuneet)\b[^.;]{0,20}\btaynna\b|\bcutia postala\b[^.;]{0,20}\bplina\b"
    ),
    r"(?:メールボックス|受信箱|ディスク|容量|保存)[^。]{0,30}(?:一杯|いっぱい|満杯|超過|超え|不足|溢れ|オーバー)",
    r"(?:邮箱|郵箱|信箱|空间|空間|容量|配额)[^。]{0,20}(?:已满|已滿|超出|超过|不足|满了)|(?:용량|메일함)[^.]{0,20}(?:초과|가득|부족)",
)
"""The mailbox takes no more for now."""

SWITCHED_OFF = any_of(
    (
        r"\b(?:user|account|mail ?box|recipient|address)\b(?: \w+)?(?: is| has been| was)(?: now| currently)?"
        r" (?:disabled|suspended|terminated|deactivated|locked|frozen|archived)\b|\barchived (?:recipient|mail ?box)\b"
    ),
    r"\bboite\b[^.;]{0,20}\barchivee\b",
)
"""It says of a mailbox that it is there, and switched off: whatever else is said of it, such as "invalid"."""

DISABLED = any_of(
    # Postfix's "delivery temporarily suspended" is said of a host.
    (
        r"\b(?:disabled|(?<!delivery temporarily )suspended|inactive|deactivated|discontinued|not active"
        r"|de-?activated|is locked|locked|frozen|dormant|not enabled|is closed|has been closed|terminated|on hold"
        r"|expired account|temporarily limited"
        r"|account (?:is |has )?(?:been )?(?:closed|blocked|expired|cancell?ed|removed))\b"
    ),
    (
        r"\bmail ?box (?:is |has been |was |currently )?(?:unavailable|disabled|inactive|not available)\b"
        r"|\buser (?:is |has been )?(?:disabled|suspended|inactive)\b"
    ),
    (
        r"\b(?:deaktiviert|gesperrtes? (?:konto|postfach)|stillgelegt|nicht aktiv)\b|\b(?:desactive|inactif|suspendu"
        r"|ferme)e?\b|\b(?:desactivad|deshabilitad|suspendid|inactiv|cancelad)[oa]\b"
        r"|\b(?:desativad|inativ|suspens)[oa]\b|\b(?:disattivat|sospes|disabilitat|chius)[oa]\b"
    ),
    (
        r"(?:отключен|заблокирован\w* (?:ящик|пользоват|аккаунт)|неактив|приостановлен|деактивирован)\w*"
        r"|(?:停止|休止|利用停止"
        r"|解約)|(?:停用|禁用|冻结|凍結|注销)|정지|휴면"
    ),
)
"""The mailbox is switched off."""

DELIVERY_AGENT = (
    r"\b(?:could ?n[o']t|could not|cannot|can't|failed to|unable to) (?:create|open|write|read|lock|chdir|append"
    r"|execute|rename)\b"
    r"|\bpermission denied\b[^.;]{0,40}\b(?:file|directory|mailbox)|\bcommand (?:died|failed|time)|\bchild process\b"
    r"|\bexit (?:status|code)\b"
    r"|\bprocmail: |\bunknown mailer error\b|\bi/o error\b|\bno such file or directory\b|\bmailer (?:error|failed)\b"
)
"""The program that puts mail into the mailbox failed; whom it says it does not know is somebody else."""
