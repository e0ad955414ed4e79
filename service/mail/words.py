"""The fixed words of a release's mail, by language; English where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@dataclass(frozen=True, slots=True)
class Words:
    """What the mail says around a release."""

    media_contact: str
    notes: str
    phone: str
    email: str
    embargo: str
    why: str
    why_after: str
    why_all: str
    leave: str
    ends: str
    preferences: str
    digest: str
    why_digest: str
    why_digest_after: str
    leave_digest: str
    whole: str
    files: str
    credit: str
    topic: str
    read: str
    links: str
    notices: Mapping[str, str]
    notice_about: str
    why_notice: str
    test: str


ENGLISH = Words(
    media_contact="Media contact",
    notes="Notes to editors",
    phone="Phone",
    email="E-mail",
    embargo="EMBARGOED UNTIL",
    why="You get this because you subscribed to “",
    why_after="”.",
    why_all="You get this because you subscribed to our news.",
    leave="Leave this topic",
    ends="ENDS",
    preferences="Your preferences",
    digest="Digest",
    why_digest="You get this digest because you subscribed to news from “",
    why_digest_after="”.",
    leave_digest="Leave all its topics",
    whole="The full texts",
    files="Pictures and documents",
    credit="Credit",
    topic="Topic",
    read="Read the release",
    links="Links",
    notices={
        "update": "UPDATE",
        "correction": "CORRECTION",
        "hold": "HOLD – DO NOT USE UNTIL WE WRITE AGAIN",
        "kill": "WITHDRAWN – DO NOT USE",
    },
    notice_about="It is about our release",
    why_notice="You get this because we sent you the release it is about.",
    test="TEST. Only you got this; its links to leave and to preferences do nothing.",
)
WORDS = {
    "en": ENGLISH,
    "ru": Words(
        media_contact="Контакт для СМИ",
        notes="Примечание для редакторов",
        phone="Телефон",
        email="Эл. почта",
        embargo="ЭМБАРГО ДО",
        why="Вы получили это письмо, потому что подписались на тему «",
        why_after="».",
        why_all="Вы получили это письмо, потому что подписались на наши новости.",
        leave="Отписаться от этой темы",
        ends="КОНЕЦ",
        preferences="Ваши настройки",
        digest="Дайджест",
        why_digest="Вы получили этот дайджест, потому что подписались на новости «",
        why_digest_after="».",
        leave_digest="Отписаться от всех тем",
        whole="Полные тексты",
        files="Фотографии и документы",
        credit="Источник",
        topic="Тема",
        read="Читать полностью",
        links="Ссылки",
        notices={
            "update": "ОБНОВЛЕНИЕ",
            "correction": "ИСПРАВЛЕНИЕ",
            "hold": "ПРИОСТАНОВЛЕНО – НЕ ИСПОЛЬЗУЙТЕ ДО НАШЕГО СЛЕДУЮЩЕГО ПИСЬМА",
            "kill": "ОТОЗВАНО – НЕ ИСПОЛЬЗОВАТЬ",
        },
        notice_about="Речь идёт о нашем релизе",
        why_notice="Вы получили это письмо, потому что получили от нас релиз, о котором идёт речь.",
        test="ПРОБНОЕ ПИСЬМО. Его получили только вы; ссылки отписки и настроек в нём не действуют.",
    ),
    "kk": Words(
        media_contact="БАҚ үшін байланыс",
        notes="Редакторларға ескертпе",
        phone="Телефон",
        email="Эл. пошта",
        embargo="ЭМБАРГО МЕРЗІМІ",
        why="Сіз бұл хатты «",
        why_after="» тақырыбына жазылғандықтан алдыңыз.",
        why_all="Сіз бұл хатты жаңалықтарымызға жазылғандықтан алдыңыз.",
        leave="Осы тақырыптан бас тарту",
        ends="СОҢЫ",
        preferences="Баптауларыңыз",
        digest="Дайджест",
        why_digest="Сіз бұл дайджестті «",
        why_digest_after="» жаңалықтарына жазылғандықтан алдыңыз.",
        leave_digest="Барлық тақырыптан бас тарту",
        whole="Толық мәтіндер",
        files="Суреттер мен құжаттар",
        credit="Дереккөз",
        topic="Тақырып",
        read="Толық оқу",
        links="Сілтемелер",
        notices={
            "update": "ЖАҢАРТУ",
            "correction": "ТҮЗЕТУ",
            "hold": "ТОҚТАТЫЛДЫ – КЕЛЕСІ ХАТЫМЫЗҒА ДЕЙІН ПАЙДАЛАНБАҢЫЗ",
            "kill": "КЕРІ ҚАЙТАРЫЛДЫ – ПАЙДАЛАНБАҢЫЗ",
        },
        notice_about="Бұл – мына релизіміз туралы:",
        why_notice="Сіз бұл хатты осы релизді бізден алғандықтан алдыңыз.",
        test="СЫНАҚ ХАТ. Оны тек сіз алдыңыз; бас тарту мен баптау сілтемелері жұмыс істемейді.",
    ),
    "ar": Words(
        media_contact="جهة الاتصال الإعلامي",
        notes="ملاحظات للمحررين",
        phone="الهاتف",
        email="البريد الإلكتروني",
        embargo="محظور النشر حتى",
        why="تصلك هذه الرسالة لأنك اشتركت في موضوع «",
        why_after="».",
        why_all="تصلك هذه الرسالة لأنك اشتركت في أخبارنا.",
        leave="إلغاء الاشتراك في هذا الموضوع",
        ends="انتهى",
        preferences="تفضيلاتك",
        digest="موجز الأخبار",
        why_digest="يصلك هذا الموجز لأنك اشتركت في أخبار «",
        why_digest_after="».",
        leave_digest="إلغاء الاشتراك في جميع المواضيع",
        whole="النصوص الكاملة",
        files="الصور والوثائق",
        credit="المصدر",
        topic="الموضوع",
        read="قراءة البيان",
        links="الروابط",
        notices={
            "update": "تحديث",
            "correction": "تصحيح",
            "hold": "تعليق – لا تستخدموا هذا الخبر حتى نكتب إليكم مجددًا",
            "kill": "سُحب الخبر – لا تستخدموه",
        },
        notice_about="يتعلق ببياننا",
        why_notice="تصلك هذه الرسالة لأننا أرسلنا إليك البيان الذي تتعلق به.",
        test="رسالة تجريبية. وصلتك وحدك؛ روابط إلغاء الاشتراك والتفضيلات فيها لا تعمل.",
    ),
}


def of(language: str) -> Words:
    """The words for a language, or its base language, or English."""
    return WORDS.get(language) or WORDS.get(language.partition("-")[0], ENGLISH)


def direction(language: str) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
