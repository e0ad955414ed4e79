"""How mail servers say in each language that an address is nobody's; what else they say is in mailbox_words.py."""

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
    r"\b(?:ex)?recip(?:ient)?notfound\b|\brecipient ?not ?found\b|\binvalid[ -]recipient\b|\binvalid rcptto\b",
    (
        r"\brecipients? (?:cannot|can't|could not) be verified\b|\b(?:user|person) (?:does not|doesn't) live here\b"
        r"|\b(?:recipient|user|address)\b[^.;:]{0,20}\bnot in (?:our|the) directory\b"
        r"|\b(?:do not|don't) have such an? (?:user|address|mailbox|recipient)\b"
    ),
    (
        r"\binvalid final delivery userid\b|\bthis address no longer accepts mail\b"
        r"|\bunrouteable address\b(?! .{0,40}sender)|\bmissing home directory\b"
    ),
    r"\bthat address\b[^.;]{0,30}\bnot\b[^.;]{0,10}\bvalid\b|\bunknown e-?mail address\b",
    # German
    (
        r"\b(?:empfanger|benutzer|nutzer|adresse|postfach|teilnehmer|konto|account)\w*\b[^.;:]{0,50}?"
        r"\b(?:unbekannt|existiert nicht|nicht gefunden|nicht bekannt|nicht vorhanden|ungultig|nicht existent"
        r"|gibt es nicht|nicht im \w+(?:-\w+)? aufgefuhrt)\b"
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
    (
        r"\b(?:gebruiker|ontvanger|adres|postbus|mailbox)\b[^.;:]{0,40}?\b(?:onbekend|bestaat niet|niet gevonden"
        r"|ongeldig)\b|\b(?:onbekende|ongeldige?) (?:gebruiker|ontvanger|adres)\b"
    ),
    (
        r"\b(?:uzytkownik|adresat|odbiorca|skrzynka|konto|adres)\b[^.;:]{0,40}?\b(?:nieznan[ya]|nie istnieje"
        r"|nie znaleziono|nieprawidlowy)\b|\bnieznany (?:uzytkownik|adresat|odbiorca)\b"
        r"|\bnie ma (?:takiego|takiej) (?:uzytkownika|adresata|odbiorcy|skrzynki|konta|adresu)\b"
    ),
    (
        r"\b(?:neznam[ya]|neexistujic[ia]) (?:uzivatel|pouzivatel|prijemce|prijemca|adresat|adresa)"
        r"|\b(?:uzivatel|pouzivatel|adresat|schranka|adresa)\b[^.;:]{0,30}\b(?:neexistuje|nenalezena?|nenajden[ay]?)\b"
        r"|\b(?:kullanici|alici|adres|posta kutusu)(?:si)?\b[^.;:]{0,30}\b(?:bulunamadi|yok|mevcut degil|gecersiz"
        r"|taninmiyor)\b|\b(?:bilinmeyen|gecersiz) (?:kullanici|alici|adres)\b"
    ),
    (
        r"\b(?:bruger|bruker|mottaker|mottagaren?|modtageren?|anvandaren|adressen)\b[^.;:]{0,30}\b(?:ukendt|ukjent|okand"
        r"|finns inte|findes ikke|finnes ikke)\b|\b(?:okand|ukendt|ukjent) (?:mottagare|anvandare|bruger|bruker"
        r"|modtager|mottaker|adress)"
    ),
    # Finnish, Hungarian, Romanian, Croatian and Serbian, Greek, Bulgarian
    (
        r"\b(?:tuntematon|virheellinen) (?:vastaanottaja|kayttaja|osoite)|\b(?:vastaanottajaa|kayttajaa|osoitetta)\b"
        r"[^.;:]{0,20}\bei (?:ole|loydy)\b"
        r"|\b(?:ismeretlen|nem letezo|ervenytelen) (?:felhasznalo|cimzett|cim|postafiok)"
        r"|\b(?:felhasznalo|cimzett|postafiok|cim)\b[^.;:]{0,30}\b(?:nem letezik|nem talalhato|ismeretlen)\b"
    ),
    (
        r"\b(?:utilizator|destinatar|adresa|cont)\w*\b[^.;:]{0,30}\b(?:necunoscut|inexistent|invalid|nu exista)[aei]?\b"
        r"|\b(?:nepoznat|nepostojec)\w{0,2} (?:korisnik|primatelj|primalac|adresa)|\bkorisnik\w* ne postoji\b"
    ),
    (
        r"(?:άγνωστος|αγνωστος|ανύπαρκτος) (?:χρήστης|χρηστης|παραλήπτης|παραληπτης)|(?:χρήστης|παραλήπτης|διεύθυνση)"
        r"[^.;:]{0,30}δεν (?:υπάρχει|βρέθηκε)|(?:непознат|несъществуващ)\w* (?:потребител|получател|адрес)"
        r"|(?:потребител|получател|адрес)\w*[^.;:]{0,30}(?:не съществува|не е намерен)"
    ),
    # Russian and Ukrainian
    (
        r"(?:пользовател\w*|получател\w*|адрес\w*|ящик\w*|абонент\w*)[^.;:]{0,50}?"
        r"(?:не (?:существует|найден\w*|зарегистрирован\w*|обнаружен\w*|известен)|неизвест\w*|отсутствует"
        r"|недействител\w*|несуществу\w*)"
    ),
    r"(?:нет такого|неизвестный|несуществующ\w+|неверный) (?:пользовател\w*|адрес\w*|получател\w*|ящик\w*)",
    r"\bтак(?:ого|ой) (?:пользовател\w*|адрес\w*|получател\w*|ящик\w*|учетн\w* запис\w*)[^.;:]{0,20}\bнет\b",
    r"(?:користувач\w*|одержувач\w*|скриньк\w*|адрес\w*)[^.;:]{0,40}?(?:не існує|не знайдено|невідом\w*)",
    r"(?:невідом|неіснуюч)\w* (?:користувач|одержувач|адрес)\w*|\bмұндай (?:пайдаланушы|мекенжай)\w* жоқ",
    # Japanese, Chinese, Korean
    (
        r"(?:ユーザ|アドレス|宛先|あて先|メールボックス|受信者|アカウント)[^。]{0,30}?(?:存在しません|存在しない|見つかりません|みつかりません"
        r"|ありません|不明|未登録|間違|誤り|正しくありません)"
    ),
    r"(?:用户|用戶|使用者|收件人|收信人|邮箱|郵箱|信箱|地址|账号|帐号|帳號)[^。]{0,20}?(?:不存在|未找到|找不到|无效|無效|未知|錯誤|错误)",
    r"(?:没有|沒有|无|無|查无)(?:此|该|這個|这个)?(?:用户|用戶|邮箱|信箱|收件人|帐号|账号)",
    r"(?:사용자|수신자|주소|계정|메일함)[^.]{0,30}?(?:없|존재하지|찾을 수|알 수)",
    r"(?:존재하지 않는|없는|알 수 없는|잘못된) ?(?:사용자|수신자|주소|계정|메일)",
    # Hebrew, Arabic, Vietnamese, Thai, Indonesian
    (
        r"(?:המשתמש|הנמען|הכתובת|התיבה)[^.]{0,20}(?:לא קיימ?|אינו קיים|אינה קיימת|לא נמצא)|משתמש לא (?:ידוע|קיים)"
        r"|(?:المستخدم|المستلم|العنوان|صندوق البريد)[^.]{0,20}(?:غير موجود|غير معروف|لا وجود)"
        r"|\b(?:người dùng|người nhận|địa chỉ)\b[^.;:]{0,30}(?:không tồn tại|không tìm thấy)"
        r"|ไม่(?:พบ|มี)(?:ผู้ใช้|ผู้รับ|ที่อยู่)"
        r"|\b(?:pengguna|penerima|alamat)\b[^.;:]{0,30}\btidak (?:ditemukan|ada|dikenal)\b"
    ),
)
"""The address is nobody's. Said by filters as well: see where the rules use it."""
