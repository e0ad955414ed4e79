"""The fixed words of account mail, by kind and language; English where there is none."""

from service.mail.approval_notices import APPROVALS
from service.mail.kazakh_notices import KAZAKH, KAZAKH_LABELS
from service.mail.reader_notices import READERS
from service.mail.spoken import Labels, NoticeWords
from service.models import AccountMailKind

KINDS = {
    ("en", AccountMailKind.INVITATION): NoticeWords(
        subject="Your account in the press office",
        heading="You have an account in the press office",
        said="You have been given an account to work in Dateline, where press releases are written and sent.",
        button="Sign in",
        after="The link works once and for 24 hours. You can then choose a password. If you do not know what this is "
        "about, do nothing.",
    ),
    ("ru", AccountMailKind.INVITATION): NoticeWords(
        subject="Ваша учётная запись в пресс-службе",
        heading="Для вас создана учётная запись",
        said="Вы получили учётную запись в Dateline: здесь пишут и рассылают пресс-релизы.",
        button="Войти",
        after="Ссылка действует один раз и 24 часа. После входа можно выбрать пароль. Если вы не знаете, о чём идёт "
        "речь, ничего не делайте.",
    ),
    ("en", AccountMailKind.SIGN_IN): NoticeWords(
        subject="Your sign-in link",
        heading="Your sign-in link",
        said="Somebody, probably you, asked for a link to sign in to Dateline.",
        button="Sign in",
        after="The link works once and for 24 hours; links sent before it no longer work. If you did not ask for it, "
        "do nothing: nobody can sign in without it.",
    ),
    ("ru", AccountMailKind.SIGN_IN): NoticeWords(
        subject="Ваша ссылка для входа",
        heading="Ваша ссылка для входа",
        said="Кто-то, скорее всего вы, запросил ссылку для входа в Dateline.",
        button="Войти",
        after="Ссылка действует один раз и 24 часа; отправленные раньше больше не действуют. Если вы её не "
        "запрашивали, ничего не делайте: без неё никто не войдёт.",
    ),
    ("en", AccountMailKind.ALARM): NoticeWords(
        subject="A release was paused",
        heading="A release was paused by the service itself",
        said="Nothing more of it leaves until somebody has looked at it and resumes or stops it.",
        button="Open the release",
        after="Everybody who may send releases of this newsroom gets this mail.",
    ),
    ("en", AccountMailKind.HELD): NoticeWords(
        subject="Mail stands still",
        heading="Mail stands still until something is mended",
        said="Something is wrong on our side and not with those we write to, so their mail waits. Nobody is skipped.",
        button="See what waits",
        after="`dateline doctor` names what is wrong and the command that lets it go on. Administrators get this mail.",
    ),
    ("ru", AccountMailKind.HELD): NoticeWords(
        subject="Отправка остановлена",
        heading="Отправка остановлена, пока причина не устранена",
        said="Причина на нашей стороне, а не у получателей, поэтому их письма ждут. Никто не пропущен.",
        button="Посмотреть, что ждёт",
        after="`dateline doctor` назовёт причину и команду, которая продолжит отправку. Это письмо получают "
        "администраторы.",
    ),
    ("en", AccountMailKind.FEEDBACK): NoticeWords(
        subject="What comes back needs a look",
        heading="What comes back needs somebody to look at it",
        said="Mailbox providers or their people say something about our mail that a person has to judge.",
        button="Look at the feedback",
        after="Nobody is taken off because of it until then, other than those who complained. Administrators get this "
        "mail.",
    ),
    ("ru", AccountMailKind.FEEDBACK): NoticeWords(
        subject="Ответы на рассылку требуют внимания",
        heading="На ответы почтовых служб нужно посмотреть",
        said="Почтовые службы или их пользователи сообщают о нашей рассылке то, что должен оценить человек.",
        button="Посмотреть ответы",
        after="До этого никто не исключается, кроме тех, кто пожаловался. Это письмо получают администраторы.",
    ),
    ("en", AccountMailKind.REPLY): NoticeWords(
        subject="A journalist answered a release",
        heading="A journalist answered your release",
        said="You are its media contact, so the answer comes to you. Reply to this mail to write to the journalist.",
        button="Open the release",
        after="The answer as it came is enclosed, unless it is larger than a mail should be. Open what is in it with "
        "the care you give any mail from outside.",
    ),
    ("ru", AccountMailKind.REPLY): NoticeWords(
        subject="Журналист ответил на релиз",
        heading="Журналист ответил на ваш релиз",
        said="Вы указаны контактом для прессы, поэтому ответ пришёл вам. Ответьте на это письмо, чтобы написать "
        "журналисту.",
        button="Открыть релиз",
        after="Ответ приложен в том виде, в каком пришёл, если он не слишком велик. Открывайте вложения с той же "
        "осторожностью, что и в любом письме извне.",
    ),
    ("ru", AccountMailKind.ALARM): NoticeWords(
        subject="Рассылка релиза приостановлена",
        heading="Сервис сам приостановил рассылку релиза",
        said="Больше ничего не отправляется, пока кто-нибудь не посмотрит и не продолжит рассылку или не остановит её.",
        button="Открыть релиз",
        after="Это письмо получают все, кто может рассылать релизы этой редакции.",
    ),
    ("en", AccountMailKind.EMERGENCY_NOTICE): NoticeWords(
        subject="A notice was sent in an emergency",
        heading="A notice was sent, and you are named as having agreed",
        said="Somebody sent a notice to all who hold a release, without an approval in writing, and named you as the "
        "second person.",
        button="Open the notice",
        after="If you did not agree to it, tell an administrator at once. The log keeps both names and the reason.",
    ),
    ("ru", AccountMailKind.EMERGENCY_NOTICE): NoticeWords(
        subject="Срочное уведомление отправлено",
        heading="Отправлено срочное уведомление, и названо ваше имя",
        said="Всем получателям релиза отправлено уведомление без письменного одобрения; вторым согласившимся названы "
        "вы.",
        button="Открыть уведомление",
        after="Если вы не соглашались, сразу сообщите администратору. В журнале записаны оба имени и причина.",
    ),
    **KAZAKH,
    **APPROVALS,
    **READERS,
}
LABELS = {
    "en": Labels(
        newsroom="Newsroom",
        held="What stands still",
        reason="Reason",
        foot="Sent automatically by Dateline; nobody reads answers to this address.",
        release="Release",
        went_to="Sent to",
        written_by="Written by",
        reply_foot="Sent on by Dateline. Your answer goes to the journalist.",
        by="By",
        until="New end of the embargo",
    ),
    "ru": Labels(
        newsroom="Редакция",
        held="Что остановлено",
        reason="Причина",
        foot="Отправлено автоматически сервисом Dateline; ответы на этот адрес никто не читает.",
        release="Релиз",
        went_to="Кому отправлен",
        written_by="Автор ответа",
        reply_foot="Переслано сервисом Dateline. Ваш ответ получит журналист.",
        by="Кто",
        until="Новое окончание эмбарго",
    ),
    "kk": KAZAKH_LABELS,
}
LANGUAGES = tuple(LABELS)


def spoken(language: str) -> str:
    """The language of these words that comes nearest: itself, its base language, or English."""
    base = language.partition("-")[0].lower()
    return base if base in LABELS else "en"
