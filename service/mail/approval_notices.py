"""The words of mails about approval and embargoes. No word of the release: its embargo binds these mails too."""

from service.mail.spoken import NoticeWords
from service.models import AccountMailKind

APPROVALS = {
    ("en", AccountMailKind.TO_APPROVE): NoticeWords(
        subject="A release waits for your approval",
        heading="A release waits for your approval",
        said="You may approve releases of this newsroom. Nothing of it leaves before somebody who had no part in the "
        "text has read and approved it.",
        button="Read and decide",
        after="Everybody who may approve it gets this mail; the first to decide is enough.",
    ),
    ("ru", AccountMailKind.TO_APPROVE): NoticeWords(
        subject="Релиз ждёт вашего утверждения",
        heading="Релиз ждёт вашего утверждения",
        said="Вы можете утверждать релизы этой редакции. Пока его не прочтёт и не утвердит тот, кто не работал над "
        "текстом, ничего не отправляется.",
        button="Прочитать и решить",
        after="Это письмо получают все, кто может его утвердить; достаточно решения одного.",
    ),
    ("kk", AccountMailKind.TO_APPROVE): NoticeWords(
        subject="Хабарлама сіздің бекітуіңізді күтіп тұр",
        heading="Хабарлама сіздің бекітуіңізді күтіп тұр",
        said="Сіз осы редакцияның хабарламаларын бекіте аласыз. Мәтінмен жұмыс істемеген адам оқып, бекіткенше ештеңе "
        "жіберілмейді.",
        button="Оқып, шешу",
        after="Бұл хатты бекіте алатындардың бәрі алады; біреуінің шешімі жеткілікті.",
    ),
    ("en", AccountMailKind.APPROVED): NoticeWords(
        subject="Your release is approved",
        heading="Your release is approved",
        said="It can now be given a time to leave. Any change to it voids the approval.",
        button="Open the release",
        after="You get this mail because you wrote it or asked for its approval.",
    ),
    ("ru", AccountMailKind.APPROVED): NoticeWords(
        subject="Ваш релиз утверждён",
        heading="Ваш релиз утверждён",
        said="Теперь можно назначить время отправки. Любая правка отменяет утверждение.",
        button="Открыть релиз",
        after="Вы получили это письмо, потому что написали релиз или попросили его утвердить.",
    ),
    ("kk", AccountMailKind.APPROVED): NoticeWords(
        subject="Хабарламаңыз бекітілді",
        heading="Хабарламаңыз бекітілді",
        said="Енді оған жіберу уақытын белгілеуге болады. Кез келген түзету бекітудің күшін жояды.",
        button="Хабарламаны ашу",
        after="Бұл хатты хабарламаны жазғаныңыз немесе бекітуді сұрағаныңыз үшін алдыңыз.",
    ),
    ("en", AccountMailKind.SENT_BACK): NoticeWords(
        subject="Your release was sent back",
        heading="Your release was sent back to be changed",
        said="Whoever was to approve it has written what should be changed first. It stands above the text where you "
        "write it.",
        button="Read the comments",
        after="When it is changed, ask for approval again.",
    ),
    ("ru", AccountMailKind.SENT_BACK): NoticeWords(
        subject="Ваш релиз возвращён",
        heading="Ваш релиз возвращён на доработку",
        said="Утверждающий написал, что сначала нужно изменить. Замечания стоят над текстом на странице правки.",
        button="Прочитать замечания",
        after="После правки попросите утвердить релиз ещё раз.",
    ),
    ("kk", AccountMailKind.SENT_BACK): NoticeWords(
        subject="Хабарламаңыз қайтарылды",
        heading="Хабарламаңыз түзетуге қайтарылды",
        said="Бекітуші алдымен нені өзгерту керегін жазды. Ескертулер жазу бетінде мәтіннің үстінде тұр.",
        button="Ескертулерді оқу",
        after="Түзеткен соң бекітуді қайта сұраңыз.",
    ),
    ("en", AccountMailKind.EMERGENCY): NoticeWords(
        subject="A release was approved in an emergency",
        heading="A release was approved in an emergency",
        said="Somebody without the right to approve has approved a release because nobody who has it was there. The "
        "reason stands on the page of the release, for good.",
        button="Open the release",
        after="Everybody who may approve releases of this newsroom gets this mail. If it is wrong, stop the release "
        "there.",
    ),
    ("ru", AccountMailKind.EMERGENCY): NoticeWords(
        subject="Релиз утверждён в чрезвычайном порядке",
        heading="Релиз утверждён в чрезвычайном порядке",
        said="Релиз утвердил тот, у кого нет такого права, потому что никого из утверждающих не было на месте. Причина "
        "навсегда остаётся на странице релиза.",
        button="Открыть релиз",
        after="Это письмо получают все, кто может утверждать релизы этой редакции. Если это ошибка, остановите релиз.",
    ),
    ("kk", AccountMailKind.EMERGENCY): NoticeWords(
        subject="Хабарлама төтенше тәртіппен бекітілді",
        heading="Хабарлама төтенше тәртіппен бекітілді",
        said="Бекітетіндердің ешқайсысы орнында болмағандықтан, хабарламаны мұндай құқығы жоқ адам бекітті. Себебі "
        "хабарлама бетінде біржола тұрады.",
        button="Хабарламаны ашу",
        after="Бұл хатты осы редакцияның хабарламаларын бекіте алатындардың бәрі алады. Қате болса, хабарламаны "
        "тоқтатыңыз.",
    ),
    ("en", AccountMailKind.EMBARGO_MOVED): NoticeWords(
        subject="The embargo you accepted has been moved",
        heading="The embargo you accepted has been moved",
        said="You have a release of ours under embargo. Its embargo ends at another time than you were told; please "
        "keep to the new one.",
        button="Open the release",
        after="The link is your own. While the text is being changed it opens nothing; try again a little later.",
    ),
    ("ru", AccountMailKind.EMBARGO_MOVED): NoticeWords(
        subject="Эмбарго, которое вы приняли, перенесено",
        heading="Эмбарго, которое вы приняли, перенесено",
        said="У вас есть наш релиз под эмбарго. Оно заканчивается в другое время, чем было сказано; пожалуйста, "
        "соблюдайте новое.",
        button="Открыть релиз",
        after="Это ваша личная ссылка. Пока текст меняют, она ничего не открывает; попробуйте чуть позже.",
    ),
    ("kk", AccountMailKind.EMBARGO_MOVED): NoticeWords(
        subject="Сіз қабылдаған эмбарго ауыстырылды",
        heading="Сіз қабылдаған эмбарго ауыстырылды",
        said="Сізде эмбаргодағы хабарламамыз бар. Эмбарго айтылғаннан басқа уақытта аяқталады; жаңа уақытты "
        "сақтауыңызды сұраймыз.",
        button="Хабарламаны ашу",
        after="Бұл сілтеме тек сіздікі. Мәтін өзгертіліп жатқанда ештеңе ашпайды; сәл кейінірек байқап көріңіз.",
    ),
    ("en", AccountMailKind.EMBARGO_LIFTED): NoticeWords(
        subject="The embargo you accepted has been lifted",
        heading="The embargo you accepted has been lifted",
        said="You have a release of ours under embargo. The embargo no longer holds: you may publish it now.",
        button="Open the release",
        after="The text may have changed since you read it: please use the one behind the link.",
    ),
    ("ru", AccountMailKind.EMBARGO_LIFTED): NoticeWords(
        subject="Эмбарго, которое вы приняли, снято",
        heading="Эмбарго, которое вы приняли, снято",
        said="У вас есть наш релиз под эмбарго. Эмбарго больше не действует: его можно публиковать.",
        button="Открыть релиз",
        after="Текст мог измениться с тех пор, как вы его читали: пожалуйста, возьмите тот, что по ссылке.",
    ),
    ("kk", AccountMailKind.EMBARGO_LIFTED): NoticeWords(
        subject="Сіз қабылдаған эмбарго алынды",
        heading="Сіз қабылдаған эмбарго алынды",
        said="Сізде эмбаргодағы хабарламамыз бар. Эмбарго енді күшінде емес: оны жариялауға болады.",
        button="Хабарламаны ашу",
        after="Мәтін сіз оқығаннан бері өзгеруі мүмкін: сілтемедегі мәтінді алуыңызды сұраймыз.",
    ),
}
