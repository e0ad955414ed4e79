"""Microsoft: the Internet Mail Service of Exchange 5.5 and 2000, Exchange 2003 to 2019, Office 365, IIS and CDO."""

from service.feedback.notices.dialect import Dialect

DIALECTS = (
    Dialect(
        "Exchange's diagnostics",
        lists=(
            r"diagnostic information for administrators: generating server: [^\n]{1,200}\n",
            r"diagnoseinformationen für administratoren: (?:generierender|generierter) server: [^\n]{1,200}\n",
            r"informations? de diagnostic (?:pour|destinées aux) (?:les )?administrateurs\s?: [^\n]{1,200}\n",
            r"información de diagnóstico para (?:los )?administradores: [^\n]{1,200}\n",
            r"informazioni diagnostiche per (?:gli )?amministratori: [^\n]{1,200}\n",
            r"informações de diagnóstico para administradores: [^\n]{1,200}\n",
            r"диагностические сведения для администраторов: [^\n]{1,200}\n",
            r"管理者向けの診断情報: [^\n]{1,200}\n|管理员的诊断信息: [^\n]{1,200}\n",
            r"original message details[^\n]{0,40}(?=nothing follows)",
        ),
    ),
    Dialect(
        "Exchange 5.5 to 2003",
        lists=(
            r"did not reach the following recipient(?:\(s\)|s)?:",
            r"(?:hat|haben) (?:den|die|einige oder alle) (?:folgenden )?empfänger nicht erreicht:?",
            r"konnte (?:dem|den|die) (?:folgenden|nachfolgenden) empfängern? nicht (?:zugestellt|erreicht) werden:?",
            r"folgende\(?r?\)? empfänger (?:kann|können|konnte|konnten) nicht erreicht werden:?",
            r"(?:following|these) recipient(?:\(s\)|s)? (?:could not|cannot) be reached:",
            r"n'a pas pu (?:être remis|atteindre)[^\n:]{0,60} destinataires?(?: suivants?)?\s?:",
            r"destinataire(?:\(s\)|s)? suivants? n'(?:a|ont) pas[^\n:]{0,60}\s?:",
            r"no (?:se pudo entregar|llegó)[^\n:]{0,60} destinatarios?[^\n:]{0,40}:",
            r"次の受信者に(?:届きませんでした|配信できませんでした)[:：。]|以下の受信者に[^\n:]{0,40}",
            r"impossibile recapitare[^\n:]{0,60} destinatari[^\n:]{0,40}:",
        ),
        reason="",
    ),
    Dialect(
        "Exchange 2007 and Office 365",
        lists=(
            r"delivery (?:has|is) (?:failed|delayed) to these (?:recipients|distribution lists|groups)[^\n]{0,80}:",
            (
                r"fehler bei der (?:nachrichten)?zustellung (?:der nachricht )?an (?:die )?folgenden?"
                r" empfänger[^\n]{0,80}:"
            ),
            r"échec de la remise aux (?:destinataires|groupes)[^\n]{0,80}\s?:",
            (
                r"(?:error|no se pudo) (?:de|en la)? ?entrega[^\n]{0,20} a (?:los siguientes"
                r"|estos) destinatarios[^\n]{0,80}:"
            ),
            r"recapito non riuscito (?:per i|ai) seguenti[^\n]{0,80}:",
            (
                r"(?:falha na entrega|ocorreu uma falha na entrega)[^\n]{0,20} (?:a estes|para estes"
                r"|aos seguintes)[^\n]{0,80}:"
            ),
            r"сбой доставки следующим получателям[^\n]{0,80}:",
            r"次の受信者またはグループへの配信に失敗しました[:：]|无法(?:将邮件)?传递给以下收件人或(?:通讯)?组[:：]",
            r"bezorging (?:aan|bij) de volgende geadresseerden[^\n]{0,80}:",
        ),
        reason=(
            r"(?:remote server (?:returned|said)|the following error was reported|error (?:details"
            r"|reported)[^\n]{0,30}):?"
        ),
        delayed=r"delivery (?:is|has been) delayed|verzögert|retardé|se ha retrasado",
    ),
    Dialect(
        "Office 365",
        sentences=(
            r"your message to {address}[>\"')\]]{0,2} (?:couldn't|could not|wasn't|can't) be delivered",
            r"(?:^|\n)\s*{address} (?:wasn't|was not) found at",
            r"ihre nachricht an {address}[>\"')\]]{0,2} (?:konnte nicht|wurde nicht) zugestellt",
            r"votre message à {address}[>\"')\]]{0,2} n'a pas pu être remis",
            r"(?:no se pudo entregar su|el) mensaje (?:a|para) {address}",
            r"il messaggio (?:a|per|inviato a) {address}[>\"')\]]{0,2} non è stato recapitato",
        ),
        reason=r"(?:remote server returned|error that the other server returned was|error details|reported error):?",
    ),
    Dialect(
        "Microsoft's own notices",
        lists=(
            (
                r"delivery to the following recipients? (?:failed|has failed|failed permanently"
                r"|has been delayed)[^\n]{0,40}[.:]"
            ),
            r"could not be delivered to the following (?:user|recipient|address)[^\n]{0,20}:",
            r"unable to deliver (?:the |your |this )?message to the following recipients?,? [^:]{0,80}[:.]",
            r"übermittlung an (?:die |den )?folgenden? empfänger (?:fehlgeschlagen|ist fehlgeschlagen)[.:]",
            r"fehler (?:bei der übermittlung|beim zustellen) an (?:die )?folgenden empfänger[.:]",
            r"échec de la remise aux destinataires suivants[.:]",
            r"error (?:al entregar|en la entrega) a los siguientes destinatarios[.:]",
            r"次の受信者への配信に失敗しました[。.:]",
        ),
        delayed=r"has been delayed|\(delay\)",
    ),
)
