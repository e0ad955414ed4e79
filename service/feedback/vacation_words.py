"""How the subject of an automatic answer begins, by language: the words of mail programs and of people who set them."""

import re

# What programs write for themselves: no person begins a subject so.
AUTOMATIC = {
    "en": r"auto(?:matic|mated|mat)?[ _-]?(?:reply|replied|response|responder|answer)\b"
    r"|vacation (?:reply|response|message)\b",
    "de": r"auto(?:matische)?[ _-]?(?:antwort|r[üu]ckantwort|e-?mail-antwort)\b"
    r"|abwesenheits(?:notiz|meldung|nachricht)\w*",
    "fr": r"r[ée]ponse automatique\b|message d['’ ]absence\b|notification d['’ ]absence\b|avis d['’ ]absence\b",
    "es": r"respuesta autom[áa]tica\b|auto-?respuesta\b|contestaci[óo]n autom[áa]tica\b",
    "ca": r"resposta autom[àa]tica\b",
    "it": r"risposta automatica\b|messaggio di assenza\b",
    "pt": r"resposta autom[áa]tica\b|mensagem de aus[êe]ncia\b",
    "nl": r"automatisch(?:e)? (?:antwoord|beantwoording|reactie)\b|afwezigheidsbericht\b",
    "sv": r"auto(?:matiskt |-)?svar\b|fr[åa]nvaromeddelande\b",
    "da": r"automatisk svar\b|frav[æe]rsmeddelelse\b",
    "fi": r"automaattinen vastaus\b|poissaoloviesti\b",
    "pl": r"(?:automatyczna |auto-?)odpowied\w*|odpowied\w* automatyczn\w*",
    "cs": r"automatick[áa] odpov[ěe][ďd]\w*",
    "hu": r"automatikus v[áa]lasz\b",
    "ro": r"r[ăa]spuns automat\b",
    "tr": r"otomatik (?:yan[ıi]t|cevap)\b",
    "el": r"αυτόματη απάντηση\b",
    "ru": r"авто-?ответ\w*|автоматическ(?:ий|ое) (?:ответ|уведомление)\b",
    "uk": r"авто-?відповід\w*|автоматична відповідь\b",
    "be": r"аўтаматычны адказ\b",
    "bg": r"автоматичен отговор\b",
    "sr": r"аутоматски одговор\b|automatski odgovor\b",
    "kk": r"авто-?жауап\w*|автоматты (?:түрде )?жауап\w*",
    "ky": r"автоматтык жооп\b",
    "uz": r"avtomatik javob\b|автоматик жавоб\b",
    "ar": r"رد تلقائي|الرد التلقائي",
    "fa": r"پاسخ خودکار",
    "he": r"מענה אוטומטי|תשובה אוטומטית",
    "hi": r"स्वचालित उत्तर|स्वत: उत्तर",
    "ja": r"自動(?:返信|応答|送信|回答)|不在(?:通知|の(?:お知らせ|連絡|ため))",
    "zh": r"自[动動](?:回[复覆復]|答[复覆復]|应答|應答)",
    "ko": r"자동 ?(?:회신|응답|답장)",
    "vi": r"trả lời tự động\b",
    "th": r"ตอบกลับอัตโนมัติ",
    "id": r"balasan (?:otomatis|automatik)\b|jawaban otomatis\b",
    "sk": r"automatick[áa] odpove[ďd]\w*",
    "sl": r"samodejni odgovor\b",
    "et": r"automaatvastus\b|automaatne vastus\b",
    "lv": r"autom[āa]tisk[āa] atbilde\b",
    "lt": r"automatinis atsakymas\b",
    "eu": r"erantzun automatikoa\b",
    "is": r"sj[áa]lfvirkt svar\b",
    "az": r"avtomatik cavab\b",
    "ka": r"ავტომატური პასუხი",
    "hy": r"ավտոմատ պատասխան",
    "mn": r"автомат хариу\w*",
    "tg": r"ҷавоби (?:худкор|автоматӣ)",
}

# What people write when they go away. A subject may say so in passing, hence only at its beginning and without "Re:".
AWAY = {
    "en": r"out[ -]of[ -](?:the[ -]|my[ -])?office\b|(?:i am |i'm |currently )?away (?:from|until|till)\b"
    r"|(?:i am |i'm |currently )?on (?:annual |sick |maternity |parental )?(?:leave|vacation|holidays?)\b",
    "de": r"abwesen\w+|(?:ich bin )?(?:derzeit |zur ?zeit )?(?:nicht im (?:b[üu]ro|haus)|im urlaub|außer haus)\b",
    "fr": r"(?:je suis )?absent(?:e)? (?:du bureau|jusqu|pour|du \d)|absence (?:du bureau|jusqu|du \d)|en cong[ée]s?\b"
    r"|hors du bureau\b",
    "es": r"fuera de (?:la |mi )?oficina\b|(?:estoy )?ausente (?:de|hasta|por)\b|(?:estoy )?de vacaciones\b",
    "it": r"fuori (?:sede|ufficio)\b|(?:sono )?assente (?:dal|fino|per)\b|(?:sono )?in ferie\b",
    "pt": r"fora do escrit[óo]rio\b|(?:estou )?ausente (?:do|at[ée]|por)\b|(?:estou )?de f[ée]rias\b"
    r"|aus[êe]ncia tempor[áa]ria\b",
    "nl": r"(?:ik ben )?(?:tijdelijk )?afwezig(?:heid)?\b|niet op kantoor\b|met vakantie\b",
    "sv": r"(?:ej|inte) p[åa] kontoret\b|p[åa] semester\b|fr[åa]nvarande\b",
    "pl": r"poza biurem\b|nieobecno[śs][ćc]\w*|(?:jestem )?na urlopie\b",
    "cs": r"mimo kancel[áa][řr]\b|nep[řr][íi]tomnost\b|dovolen[áa]\b",
    "tr": r"ofis d[ıi][şs][ıi]nda\w*|izinde(?:yim)?\b",
    "ru": r"(?:я )?(?:нахожусь )?(?:сейчас )?(?:в отпуске|вне офиса|в командировке|на больничном)\b|об отсутствии\b"
    r"|(?:отпуск|отсутствую|нет на месте|не в офисе)\b|меня (?:не будет|нет)\b",
    "uk": r"(?:я )?(?:у|в) відпустці\b|поза офісом\b|відсутн\w+",
    "kk": r"кеңседе(?:н тыс| жоқпын)\w*|(?:еңбек )?демалыс(?:та|ында)\w*|іссапарда\w*|жұмыс орнында жоқ\w*",
    "da": r"ikke på kontoret\b|på ferie\b",
    "fi": r"poissa (?:toimistolta|toimistosta)\b|(?:vuosi)?lomalla\b",
    "hu": r"(?:jelenleg )?szabads[áa]gon\b|irod[áa]n k[íi]v[üu]l\b|nem vagyok az irod[áa]ban\b",
    "ro": r"(?:sunt )?[îi]n concediu\b|plecat din birou\b",
    "el": r"εκτός γραφείου\b|σε άδεια\b|απουσία από το γραφείο\b",
    "bg": r"(?:аз съм )?в отпуск\b|извън офиса\b",
    "hr": r"na godi[šs]njem odmoru\b|izvan ureda\b",
    "sl": r"(?:sem )?na dopustu\b|odsoten\b",
    "et": r"puhkusel\b|kontorist eemal\b",
    "lv": r"atva[ļl]in[āa]jum[āa]\b|prombūtn[ēe]\b",
    "lt": r"atostogose\b|atostogauju\b|ne biure\b",
    "he": r"מחוץ למשרד|בחופשה",
    "ar": r"خارج المكتب|في إجازة",
    "vi": r"vắng mặt\b|đang nghỉ phép\b",
    "id": r"(?:saya )?sedang (?:cuti|di luar kantor)\b",
    "ja": r"(?:休暇|外出|出張)(?:中|のため)|不在",
    "zh": r"(?:我)?(?:不在办公室|不在辦公室|外出(?:中|通知)?|休假(?:中|通知)?|出差(?:中|通知)?)",
    "ko": r"부재 ?중|휴가 ?중|출장 ?중",
}

BEGINNING = re.compile(rf"\A[\W_]{{0,20}}(?:{'|'.join((*AUTOMATIC.values(), *AWAY.values()))})", re.IGNORECASE)
END = re.compile(r"[(\[](?:automatic|auto)[ -]?(?:response|reply)[)\]]\s{0,20}\Z", re.IGNORECASE)


def says_automatic(subject: str) -> bool:
    """Whether a decoded subject is one of an automatic answer."""
    return BEGINNING.match(subject[:200]) is not None or END.search(subject[-60:]) is not None
