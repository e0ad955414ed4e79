"""Which messages may be a mail system's notice at all: nobody's quotation, holiday or newsletter is read as one."""

import re

from service.feedback.letter import Letter
from service.feedback.people import by_mail_system, from_nobody

_SYSTEM = re.compile(
    (
        r"\A$|(mailer[-_.]?daemon|mail[-_.]?daemon|post[-_.]?master|mdaemon|mmdf|double-bounce"
        r"|mail[-_.]?deliver\w*"
        r"|mail[-_.]?(system|service|administrator)|smtp\b|bounces?\b|mailer\b|daemon\b|\w*smtp_\w+"
        r"|mail\.delivery)"
    ),
    re.IGNORECASE,
)
_NAMES = re.compile(
    (
        r"mail(er)?[ -](deliver\w*|daemon|system|administrator)|postmaster|delivery (sub)?system|system administrator"
        r"|microsoft (exchange|outlook)|undeliver|zustell|system attendant"
    ),
    re.IGNORECASE,
)
_FAILURE = re.compile(
    (
        r"undeliver|non[- ]?deliver|not (be )?(been )?deliver|(can'?t|cannot|could ?n[o']t|unable to) (be )?(deliver"
        r"|send|sent)"
        r"|delivery[^a-z]{1,3}(status|fail|error|problem|notification|delay|report|has failed|incomplete)"
        r"|(mail|message|e-mail|email)[^a-z]{1,3}(delivery |system )?(fail|error|return|delay|reject|warning|not sent)"
        r"|return(ed|ing)?[^a-z]{1,3}(mail|message|e-?mail|to sender)|failure (notice|notification|delivery)|fail(ed"
        r"|ure)?( to)?[^a-z]{1,3}"
        r"(mail|deliver|message|recipient)|processing error|bounced?\b|rejected|loop (alert|back)|mail status report"
        r"|warning: (message|could)"
        r"|unzustellbar|zustell\w*|nicht zugestellt|unbekannter empf|non remis|échec|non distribu|no (se )?(pudo"
        r"|ha podido)? ?entreg|devuelto"
        r"|no entregad|no pud\w+ ser entreg|devoluci[óo]n|não (foi |p[ôo]de ser )?entreg|devolvid"
        r"|falha na entrega|mancat|non recapitat|non consegnat|impossibile"
        r"|не ?достав|недостав|возврат|ошибка достав|не может быть достав|退信|投递"
        r"|无法|無法|失败|失敗|エラー|配信|不達|届|戻り|반송|실패|전송되지"
        r"|onbestelbaar|niet (worden )?(afgeleverd|bezorgd)"
        r"|(inte|ikke|ej) (kunne |kunde )?lever|olevererbar|niedostarcz|nie (mo[żz]na |zosta[łl]\w+ )?dostarcz"
        r"|zwrot (wiadomo|poczt)|nedoru[čc]|nepoda[řr]ilo|sikertelen k[ée]zbes|nem k[ée]zbes|ei voitu toimittaa"
        r"|nu a (fost|putut fi) livrat|teslim edileme|iletilemedi|δεν παραδόθηκε|αδυναμία παράδοσης"
        r"|не вдалося доставити"
        r"|تعذر (ال)?تسليم|لم يتم تسليم|לא נמסרה|כשל במסירה|không (thể )?(gửi|chuyển|giao)|ไม่สามารถส่ง"
        r"|gagal (ter|di)kirim"
    ),
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"not a valid|trouble delivering|rejected recipient|no such (user|address|mailbox|recipient)"
    r"|unknown (user|recipient|address)|(user|recipient|address|mailbox) (unknown|not found)",
    re.IGNORECASE,
)
_HELPS = re.compile(
    r"(abuse|support|help(desk)?|info|contact|admin(istrator)?|hostmaster|webmaster|noc)@", re.IGNORECASE
)
_FORWARD = re.compile(r"\A\s*(fwd?|fw|wg|tr|rv|enc|i|vs|пересл\w*)\s*:", re.IGNORECASE)
_BY_SYSTEM = re.compile(r"mailer-daemon|mail delivery (sub)?system|postmaster@|microsoft outlook", re.IGNORECASE)
_ANSWER = re.compile(r"\A\s*(re|aw|sv|antw|ответ|odp)\s*(\[\d+\])?\s*:", re.IGNORECASE)


def may_be_notice(letter: Letter) -> bool:
    """Whether it is of a mail system, or says in its subject that something could not be delivered."""
    headers = letter.headers
    if _is_circular(letter):
        return False
    if from_system(letter):
        return True
    if _is_answer(letter):
        return False
    if "list-id" in headers:
        # Exchange gives its notices the headers of the mail they are about.
        return _FAILURE.match(letter.subject[:300]) is not None
    return from_nobody(headers) or bool(_FAILURE.search(letter.subject[:300]))


def from_system(letter: Letter) -> bool:
    """Whether a mail system wrote it, by its address, its name or its list of failed recipients."""
    return by_mail_system(letter.headers) or by_name(letter)


def by_name(letter: Letter) -> bool:
    """Whether its author is called what mail systems are called."""
    sender = letter.headers.first("from")
    by_address = "from" in letter.headers and is_system(letter.author)
    return by_address or _NAMES.search(sender.partition("<")[0][:200]) is not None


def is_system(address: str) -> bool:
    """Whether it is an address as mail systems write from; so is one that is empty."""
    return _SYSTEM.match(address.lstrip("<").strip()) is not None


def _is_answer(letter: Letter) -> bool:
    answers = "in-reply-to" in letter.headers or "references" in letter.headers
    return answers and _ANSWER.match(letter.subject[:100]) is not None


def _is_circular(letter: Letter) -> bool:
    """Whether a list or a newsletter sent it, whatever it writes about."""
    by_list = any(name in letter.headers for name in ("list-unsubscribe", "list-post"))
    return by_list and not by_mail_system(letter.headers) and not is_system(letter.author)


def is_role(address: str) -> bool:
    """Whether a mail system is asked for help at this address, or writes from it."""
    return is_system(address) or _HELPS.match(address) is not None


def says_failure(letter: Letter) -> bool:
    """Whether subject or text say that something could not be delivered."""
    text = letter.text[:2000]
    return bool(_FAILURE.search(letter.subject[:300]) or _FAILURE.search(text) or _NOBODY.search(text))


def is_failure(letter: Letter) -> bool:
    """Whether it is one though it names nobody: by who writes, or by its subject and the mail it gives back."""
    if from_system(letter):
        return says_failure(letter)
    return bool(letter.returned.pairs) and bool(_FAILURE.search(letter.subject[:300])) and says_failure(letter)


def is_forwarded(letter: Letter) -> bool:
    """Whether a person passes a mail system's notice on, and answers nothing with it."""
    if from_system(letter):
        return False
    subject = letter.subject[:300]
    return bool(_FORWARD.match(subject) and _FAILURE.search(subject) and _BY_SYSTEM.search(letter.whole[:4000]))
