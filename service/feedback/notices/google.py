"""Google: Gmail before and after 2016, Workspace, Groups."""

from service.feedback.notices.dialect import Dialect

DIALECTS = (
    Dialect(
        "Gmail",
        signs=r"mailer-daemon@google|google tried|technical details of (?:permanent|temporary)",
        lists=(r"delivery to the following recipients? (?:failed permanently|has been delayed|failed)[^\n]{0,40}:",),
        reason=r"error that the other server returned was:|technical details of (?:permanent|temporary) failure:",
        delayed=r"has been delayed|will be retried",
    ),
    Dialect(
        "Gmail since 2016",
        signs=r"mailer-daemon@google(?:mail)?\.com",
        sentences=(
            r"(?:your message|ihre nachricht|votre message|su mensaje|tu mensaje|sua mensagem)[^\n]{0,60} {address}",
            r"delivering your message to {address}",
            r"(?:не доставлено|не удалось доставить)[^\n]{0,80} {address}",
        ),
        reason=r"the response(?: from the remote server)? was:",
        delayed=r"delivery incomplete|temporary problem delivering|will (?:retry|be retried|keep trying)|\(delay\)",
    ),
)
