"""What mail servers say of a mailbox and its domain, by meaning and language; smtp_words.py says what they meet."""

from service.feedback.smtp_words import any_of

_PERSON = (
    r"(?:users?|recipients?|mail ?box(?:es)?|accounts?|address(?:es)?|e-?mail address|rcpt|addressees?|customers?"
    r"|subscribers?|alias|persons?|local[ -]?part|user ?name|inbox|employee|member"
    r"|destination addresses)"
)

_NONE = (
    r"(?:unknown|not? found|(?:does|do|did|is|are)(?: not|n't) (?:exist|exists)|does ?n[o']?t exist|not exist\w*"
    r"|not (?:been )?(?:a )?(?:known|recogni[sz]ed|registered)"
    r"|invalid|non-?existent|no longer (?:exists?|valid|available|active|in use)|doesn'?t exist|cannot be found"
    r"|could(?: not|n't) be found|wasn'?t found|was not found|undefined|not (?:a )?valid|not (?:listed|present) in"
    r"|possibly incorrect|is incorrect|is wrong|nonexistant|is not (?:local|ok)|not known)"
)

NOBODY = any_of(
    rf"\b{_PERSON}\b[^.;:]{{0,40}}?\b{_NONE}\b",
    (
        rf"\b(?:unknown|no such|invalid|not an? (?:known|valid|active|existing|registered|recogni[sz]ed)|non-?existent"
        rf"|no|bad|wrong"
        rf"|illegal|undefined|cannot find|can't find|no valid|incorrect)"
        rf" (?:or (?:illegal|unknown|invalid|unroutable) )?(?:local |e-?mail |virtual |registered |domino "
        rf"|destination |mail )?{_PERSON}\b"
    ),
    r"\bno longer (?:on|at|exists|valid|available|works|employed|with)\b",
    r"\b(?:does not|doesn't|do not|don't) have an? [^.;]{0,40}\baccount\b|\bnot have an e-?mail account\b",
    r"\b(?:recipient|address) rejected\W*\Z|\brecipient rejected: no\b|\bno account by that name\b",
    r"\bno mail ?box (?:here|by|found|available)|\bno (?:one|such person|person|user) (?:at|by|with) (?:this|that)\b",
    (
        r"\bnot listed in (?:the )?(?:domino|public|address)\b|\bbad(?:rcptto|recipientto)\b|\bvalidrcptto\b"
        r"|\b(?:no|not) (?:a )?valid users?\b|\bcheck if address is correct\b|\bno valid recipients?\b(?!, bye)"
    ),
    r"\brecipnotfound\b|\brecipientnotfound\b|\brecipient ?not ?found\b|\binvalid[ -]recipient\b",
    (
        r"\binvalid final delivery userid\b|\bthis address no longer accepts mail\b"
        r"|\bunrouteable address\b(?! .{0,40}sender)|\bmissing home directory\b"
    ),
    r"\bthat address\b[^.;]{0,30}\bnot\b[^.;]{0,10}\bvalid\b|\bunknown e-?mail address\b",
    # German
    (
        r"\b(?:empfanger|benutzer|nutzer|adresse|postfach|teilnehmer|konto|account)\w*\b[^.;:]{0,50}?"
        r"\b(?:unbekannt|existiert nicht|nicht gefunden|nicht bekannt|nicht vorhanden|ungultig|nicht existent"
        r"|gibt es nicht)\b"
    ),
    r"\b(?:unbekannte[rns]?|ungultige[rns]?|kein|keine) (?:empfanger|benutzer|adresse|postfach|e-?mail-?adresse)",
    # French
    (
        r"\b(?:adresse|utilisateur|destinataire|boite|compte)\b[^.;:]{0,50}?"
        r"\b(?:inconnue?|n'existe (?:pas|plus)|inexistante?|invalide|introuvable|non trouvee?|incorrecte?)\b"
    ),
    # Spanish and Portuguese
    (
        r"\b(?:usuario|destinatario|direccion|buzon|cuenta|casilla|endereco|caixa postal|conta|correo)\b[^.;:]{0,50}?"
        r"\b(?:desconocid[oa]|no existe|no encontrad[oa]|inexistente|invalid[oa]|no valid[oa]|desconhecid[oa]"
        r"|nao existe"
        r"|nao (?:foi )?encontrad[oa]|incorrect[oa]|no se encuentra|no pudo encontrarse)\b"
    ),
    r"\bno existe (?:dicha persona|ese usuario|el usuario|la cuenta|este usuario|el buzon|esa cuenta)",
    # Italian
    (
        r"\b(?:utente|destinatario|indirizzo|casella|mailbox)\b[^.;:]{0,50}?"
        r"\b(?:sconosciut[oa]|non esiste|inesistente|non trovat[oa]|non valid[oa]|errat[oa])\b"
    ),
    r"\bnessun(?:a casella| utente)",
    # Dutch, Polish, Czech, Turkish, Scandinavian
    r"\b(?:gebruiker|ontvanger|adres|postbus)\b[^.;:]{0,40}?\b(?:onbekend|bestaat niet|niet gevonden|ongeldig)\b",
    (
        r"\b(?:uzytkownik|adresat|odbiorca|skrzynka|konto|adres)\b[^.;:]{0,40}?\b(?:nieznany|nie istnieje"
        r"|nie znaleziono)\b"
    ),
    (
        r"\b(?:neznamy|neexistujici) (?:uzivatel|prijemce|adresat)|\b(?:kullanici|alici)\b[^.;:]{0,30}\b(?:bulunamadi"
        r"|yok)\b"
    ),
    (
        r"\b(?:bruger|mottaker|mottagaren?|modtageren?|anvandaren)\b[^.;:]{0,30}\b(?:ukendt|ukjent|okand|finns inte"
        r"|findes ikke)\b"
    ),
    # Russian and Ukrainian
    (
        r"(?:пользовател\w*|получател\w*|адрес\w*|ящик\w*|абонент\w*)[^.;:]{0,50}?"
        r"(?:не (?:существует|найден\w*|зарегистрирован\w*|обнаружен\w*|известен)|неизвест\w*|отсутствует"
        r"|недействител\w*|несуществу\w*)"
    ),
    r"(?:нет такого|неизвестный|несуществующ\w+|неверный) (?:пользовател\w*|адрес\w*|получател\w*|ящик\w*)",
    r"(?:користувач\w*|одержувач\w*)[^.;:]{0,40}?(?:не існує|не знайдено|невідом\w*)",
    # Japanese, Chinese, Korean
    (
        r"(?:ユーザ|アドレス|宛先|あて先|メールボックス|受信者|アカウント)[^。]{0,30}?(?:存在しません|存在しない|見つかりません|みつかりません"
        r"|ありません|不明|未登録|間違|誤り|正しくありません)"
    ),
    r"(?:用户|用戶|使用者|收件人|收信人|邮箱|郵箱|信箱|地址|账号|帐号|帳號)[^。]{0,20}?(?:不存在|未找到|找不到|无效|無效|未知|錯誤|错误)",
    r"(?:没有|沒有|无|無|查无)(?:此|该|這個|这个)?(?:用户|用戶|邮箱|信箱|收件人|帐号|账号)",
    r"(?:사용자|수신자|주소|계정|메일함)[^.]{0,30}?(?:없|존재하지|찾을 수|알 수)",
)
"""The address is nobody's. Said by filters as well: see where the rules use it."""

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
        r"|over (?:its )?limit"
        r"|too (?:full|large|big)|no space|has exceeded)"
    ),
    (
        r"\bfull (?:mail ?box|inbox)\b|\bmail ?box (?:space )?(?:not enough|size|exceed|quota|limit)\b"
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
        r"|przepelniona)\b"
    ),
    r"(?:メールボックス|受信箱|ディスク|容量|保存)[^。]{0,30}(?:一杯|いっぱい|満杯|超過|超え|不足|溢れ|オーバー)",
    r"(?:邮箱|郵箱|信箱|空间|空間|容量|配额)[^。]{0,20}(?:已满|已滿|超出|超过|不足|满了)|(?:용량|메일함)[^.]{0,20}(?:초과|가득|부족)",
)
"""The mailbox takes no more for now."""

DISABLED = any_of(
    (
        r"\b(?:disabled|suspended|inactive|deactivated|discontinued|not active|de-?activated|is locked|locked|frozen"
        r"|dormant|not enabled|is closed|has been closed|terminated|on hold|expired account"
        r"|temporarily limited|account (?:is |has )?(?:been )?(?:closed|blocked|expired|cancell?ed|removed))\b"
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
