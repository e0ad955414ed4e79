"""Plain words, where no server is known by its dialect: what is said before addresses that failed, by language."""

from service.feedback.notices.dialect import Dialect

_PEOPLE = r"(?:recipient|address|addressee|user|person|mailbox|account)(?:\(s\)|\(es\)|es|s)?"

DIALECTS = (
    Dialect(
        "English, a list",
        lists=(
            (
                rf"(?:to|for|reach|by) (?:any of |all of |some of )?(?:the |these |one or more )?(?:following|below"
                rf"|listed)[^\n:.@]{{0,40}}{_PEOPLE}"
                r"[^\n:@]{0,100}[:.]"
            ),
            (
                rf"(?:the )?(?:following|failed|undeliverable|invalid|bad|rejected|unknown"
                rf"|problem) {_PEOPLE}[^:@]{{0,160}}:"
            ),
            (
                rf"(?:the )?following {_PEOPLE} (?:failed|were rejected|are invalid|do not exist"
                rf"|did not receive)[^:@\n]{{0,60}}[.:]?"
            ),
            (
                r"(?:could not|couldn't|cannot|can't|can not|was not|wasn't"
                r"|not) (?:be )?(?:successfully )?(?:delivered|deliver|sent|send|reach(?:ed)?)"
                r"[^:@]{0,200}:"
            ),
            (
                r"(?:delivery|error|undeliverable|problem|trouble|fail(?:ed|ure)?)[^:@]{0,120}(?:to|for|recipients?"
                r"|address(?:es)?)\s?:"
            ),
            r"(?:mail|message|delivery)[^.:@]{0,80}(?:failed|undeliverable)[.:]",
        ),
    ),
    Dialect(
        "English, a sentence",
        sentences=(
            (
                r"(?:undeliverable|undelivered|not delivered|be delivered|not deliver|unable to deliver"
                r"|failed to deliver|failure delivering"
                r"|error delivering|couldn't deliver|problem delivering|delivery failed|delivery)[^@:]{0,80}?(?:to|for"
                r"|at|user|recipient)?:? {address}[^\n]{0,200}"
            ),
            (
                r"(?:unknown|invalid|no such|nonexistent|non-existent|undefined|bad) (?:user|recipient|address|mailbox"
                r"|account|name)[^\n@]{0,40} {address}"
            ),
            (
                r"(?:user|recipient|mailbox|account|address|mail to|message to|mail for|message for|addressed to"
                r"|sent to|addressee)[^\n@]{0,30} {address}"
                r"[^\n]{0,200}"
            ),
            r"(?:sent|send|wrote) (?:an? )?(?:e-?mail|mail|message)[^\n@]{0,30} (?:to|for) {address}[^\n]{0,200}",
            (
                r"(?:^|\n)[ \t>*-]*{address}[>\")]{0,2} (?:is|was|does|do|has|could|cannot|can|no|not|unknown|user"
                r"|mailbox|invalid)\b[^\n]{0,200}"
            ),
        ),
    ),
    Dialect(
        "German",
        lists=(
            (
                r"(?:folgende[nrms]?|nachstehende[nrm]?|diese[nrm]?|die) (?:e-?mail-?|mail-?)?(?:empfängern?"
                r"|adress(?:e|en|aten)?|emailadressen?)[^:@]{0,160}[:.]"
            ),
            (
                r"(?:konnte|kann|konnten|können|wurde|werden)[^:@]{0,100}nicht (?:zugestellt|ausgeliefert|übermittelt"
                r"|erreicht|gesendet)[^:@]{0,100}[:.]"
            ),
        ),
        sentences=(
            (
                r"(?:nachricht|e-?mail|mail|zustellung|empfänger|adresse|postfach|benutzer"
                r"|konto)[^\n@]{0,60}? {address}[^\n]{0,200}"
            ),
            r"{address}[>\")]{0,2} (?:konnte|kann|existiert|ist|wurde)[^\n]{0,200}",
        ),
        signs=r"zustell|unzustellbar|empfänger|fehlgeschlagen|nicht (?:erreicht|übermittelt|ausgeliefert)|postfach",
    ),
    Dialect(
        "Romance languages",
        lists=(
            r"(?:aux?|les?|des?|à l[ea']s?|pour) ?(?:adresses?|destinataires?|utilisateurs?)[^:@]{0,120}\s?[:.]",
            (
                r"(?:a|para|de|en)? ?(?:las?|los?|el|esta|estas|estos)? ?(?:siguientes?)? ?(?:direcciones|dirección"
                r"|destinatarios?|usuarios?|buzón)[^:@]{0,120}[:.]"
            ),
            r"(?:aos?|para|dos?|os|as|às) ?(?:seguintes?)? ?(?:destinatários?|endereços?|usuários?)[^:@]{0,120}[:.]",
            r"(?:ai|al|agli|i|per)? ?(?:seguenti?)? ?(?:destinatari[o]?|indirizz[oi]|utent[ei])[^:@]{0,120}[:.]",
            (
                r"(?:n'a pas (?:pu )?être|no (?:se )?(?:pudo|ha podido|puede|pudo ser|fue)|não (?:pôde|pode|foi)"
                r"|non (?:è stato|può essere|è))[^:@]{0,120}[:.]"
            ),
        ),
        sentences=(
            (
                r"(?:message|courriel|destinataire|adresse|mensaje|correo|destinatario|dirección|buzón|mensagem"
                r"|destinatário|endereço|messaggio"
                r"|indirizzo|casella|utente|usuario|usuário)[^\n@]{0,60}? {address}[^\n]{0,200}"
            ),
        ),
        signs=(
            r"destinat[aá]ri|destinataire|direcci[oó]n|endereço|indirizzo|remis|entrega|consegn|recapit|distribu"
            r"|no pudo ser|n'a pas pu"
        ),
    ),
    Dialect(
        "Russian and Ukrainian",
        lists=(
            (
                r"(?:следующ\w{1,4}|одному или нескольким|этим|указанн\w{1,4}|наступн\w{1,4})? ?(?:получател\w{1,4}"
                r"|адрес\w{0,4}|адресат\w{0,4}|одержувач\w{0,4})[^:@]{0,160}[:.]"
            ),
            r"не (?:может быть|было|удалось|удается|могло быть|доставлено|вдалося|може бути)[^:@]{0,160}[:.]",
        ),
        sentences=(
            (
                r"(?:письм\w|сообщени\w|получател\w{1,4}|адрес\w{0,4}|пользовател\w{1,4}|ящик\w{0,2}|лист"
                r"|адресат\w{0,3})[^\n@]{0,80}? {address}[^\n]{0,200}"
            ),
        ),
        signs=r"достав|получател|адрес|ящик|одержувач",
    ),
    Dialect(
        "Northern and eastern languages",
        lists=(
            r"(?:volgende|onderstaande|aan|bij)[^:@\n]{0,30} (?:geadresseerden?|ontvangers?|adres(?:sen)?)[:.]",
            r"(?:följande|nedenstående|følgende|til|till) (?:mottagare|modtagere?|mottakere?|adress?er?)[^:@]{0,9}[:.]",
            r"(?:następujących|poniższych|do) (?:odbiorców|adresatów|odbiorcy|adresów|adresu)[^:@]{0,120}[:.]",
            r"(?:následujícím|nasledujúcim|těmto|na adresu|na adresy)[^:@]{0,120}[:.]",
            r"(?:következő|alábbi) (?:címzett\w*|cím\w*)[^:@]{0,120}[:.]|seuraaville? vastaanottaj\w+[^:@]{0,120}[:.]",
            r"(?:următor(?:ul|ii)|următoarele) (?:destinatar\w*|adres\w*)[^:@]{0,120}[:.]",
            r"aşağıdaki (?:alıcı\w*|adres\w*|kişi\w*)[^:@]{0,9}[:.]|(?:παρακάτω|ακόλουθ\w+) παραλήπτ\w+[^:@]{0,99}[:.]",
        ),
        sentences=(
            (
                r"(?:ontvanger|geadresseerde|adres|gebruiker|mottagaren?|modtageren?|mottakeren?|odbiorc\w|użytkownik\w?"
                r"|adresat\w?|adresu|na adresu|címzett\w*|címre|vastaanottaja\w*|destinatar\w*|παραλήπτη\w?)"
                r"[^\n@]{0,40}? {address}[^\n]{0,200}"
            ),
            r"{address}[>\")]{0,2} (?:adresine|alıcısına|kullanıcısına|címre|címzett)[^\n]{0,200}",
        ),
        signs=(
            r"afgeleverd|bezorgd|onbestelbaar|lever(?:as|ats|es|et|eras)|dostarcz|doruč|kézbes|toimit|livrat|teslim|παράδοσ"
            r"|παραδόθ"
        ),
    ),
    Dialect(
        "Chinese and Korean",
        lists=(
            r"(?:无法|未能|不能|無法|没有|未)[^\n@]{0,12}(?:投递|送达|发送|传送|投遞|送達|傳送|到达|到達)[^@]{0,120}?(?=[<\s\n]{1,3}[\w.+-]{1,64}@)",
            r"(?:收件人|收信人|地址|邮箱|郵箱|信箱)[^@]{0,80}?(?:[:：。]|(?=\n))",
            r"(?:退信|投递失败|傳送失敗|发送失败|寄送失敗)[^@]{0,200}?(?=[<\s\n]{1,3}[\w.+-]{1,64}@)",
            r"(?:수신자|받는 ?사람|주소|전송|배달)[^@]{0,120}?(?:실패|못|없|오류)[^@]{0,60}",
        ),
        sentences=(
            r"(?:收件人|收信人|地址|邮箱|郵箱|信箱|发往|寄往|发送到|发给|寄给|수신자|주소)[^\n@]{0,20}?{address}[^\n]*",
            r"{address}[>)]{0,2}[^\n]{0,30}(?:不存在|无法|無法|失败|失敗|被拒|已满|已滿|없는|없습니다|실패)",
        ),
    ),
)
