"""The words of the single mails journalists get. No word of them was typed by anybody: strangers can ask for most."""

from service.mail.spoken import NoticeWords
from service.models import AccountMailKind

READERS = {
    ("en", AccountMailKind.CONFIRM): NoticeWords(
        subject="Confirm your subscription",
        heading="Confirm your subscription",
        said="Somebody, probably you, asked that our press releases be sent to this address. Nothing is sent "
        "before you confirm it.",
        button="Go to the confirmation",
        after="The link works for 72 hours; a button on its page confirms. If you did not ask for this, do nothing: "
        "you will not be subscribed, and what was typed is forgotten.",
    ),
    ("ru", AccountMailKind.CONFIRM): NoticeWords(
        subject="Подтвердите подписку",
        heading="Подтвердите подписку",
        said="Кто-то, скорее всего вы, попросил присылать на этот адрес наши пресс-релизы. Пока вы не подтвердите, "
        "ничего не отправляется.",
        button="Перейти к подтверждению",
        after="Ссылка действует 72 часа; на её странице есть кнопка подтверждения. Если вы об этом не просили, ничего "
        "не делайте: подписки не будет, а введённые данные будут забыты.",
    ),
    ("kk", AccountMailKind.CONFIRM): NoticeWords(
        subject="Жазылуыңызды растаңыз",
        heading="Жазылуыңызды растаңыз",
        said="Біреу, бәлкім өзіңіз, осы мекенжайға баспасөз хабарламаларымызды жіберуді сұрады. Растағаныңызша ештеңе "
        "жіберілмейді.",
        button="Растау бетіне өту",
        after="Сілтеме 72 сағат жарамды; бетіндегі түйме жазылуды растайды. Сұрамаған болсаңыз, ештеңе істемеңіз: "
        "жазылу болмайды, енгізілген деректер ұмытылады.",
    ),
    ("en", AccountMailKind.SUBSCRIBED): NoticeWords(
        subject="You are subscribed already",
        heading="You are subscribed already",
        said="Somebody, probably you, asked that our press releases be sent to this address. You get them already, and "
        "nothing was changed.",
        button="See and change your choices",
        after="The link works for 24 hours. If you did not ask for this, do nothing.",
    ),
    ("ru", AccountMailKind.SUBSCRIBED): NoticeWords(
        subject="Вы уже подписаны",
        heading="Вы уже подписаны",
        said="Кто-то, скорее всего вы, попросил присылать на этот адрес наши пресс-релизы. Вы их уже получаете; ничего "
        "не изменилось.",
        button="Посмотреть и изменить настройки",
        after="Ссылка действует 24 часа. Если вы об этом не просили, ничего не делайте.",
    ),
    ("kk", AccountMailKind.SUBSCRIBED): NoticeWords(
        subject="Сіз жазылып қойғансыз",
        heading="Сіз жазылып қойғансыз",
        said="Біреу, бәлкім өзіңіз, осы мекенжайға баспасөз хабарламаларымызды жіберуді сұрады. Сіз оларды алып "
        "жүрсіз; ештеңе өзгерген жоқ.",
        button="Баптауларды көру және өзгерту",
        after="Сілтеме 24 сағат жарамды. Сұрамаған болсаңыз, ештеңе істемеңіз.",
    ),
    ("en", AccountMailKind.PREFERENCES): NoticeWords(
        subject="The link to your preferences",
        heading="The link to your preferences",
        said="Somebody, probably you, asked for the link to what we send you: your topics, how often, your data, and "
        "how to leave.",
        button="Open your preferences",
        after="The link works for 24 hours. Keep it to yourself: it also shows and erases what is kept about you. If "
        "you did not ask for it, do nothing.",
    ),
    ("ru", AccountMailKind.PREFERENCES): NoticeWords(
        subject="Ссылка на ваши настройки",
        heading="Ссылка на ваши настройки",
        said="Кто-то, скорее всего вы, запросил ссылку на настройки рассылки: темы, частота, ваши данные и отписка.",
        button="Открыть настройки",
        after="Ссылка действует 24 часа. Не передавайте её другим: она также показывает и удаляет данные о вас. Если "
        "вы её не запрашивали, ничего не делайте.",
    ),
    ("kk", AccountMailKind.PREFERENCES): NoticeWords(
        subject="Баптауларыңыздың сілтемесі",
        heading="Баптауларыңыздың сілтемесі",
        said="Біреу, бәлкім өзіңіз, хаттардың баптауларына сілтеме сұрады: тақырыптар, жиілік, деректеріңіз және бас "
        "тарту.",
        button="Баптауларды ашу",
        after="Сілтеме 24 сағат жарамды. Оны ешкімге бермеңіз: ол сіз туралы деректерді де көрсетеді және өшіреді. "
        "Сұрамаған болсаңыз, ештеңе істемеңіз.",
    ),
    ("en", AccountMailKind.NEW_ADDRESS): NoticeWords(
        subject="Agree to the new address",
        heading="Agree to the new address",
        said="Somebody, probably you, asked that our press releases go from one address to another. It is done once "
        "both have agreed: this is the mail to one of them.",
        button="Go to the agreement",
        after="The link works for 72 hours; a button on its page agrees. If you did not ask for this, do nothing: all "
        "stays as it is.",
    ),
    ("ru", AccountMailKind.NEW_ADDRESS): NoticeWords(
        subject="Подтвердите новый адрес",
        heading="Подтвердите новый адрес",
        said="Кто-то, скорее всего вы, попросил присылать наши пресс-релизы на другой адрес. Это произойдёт, когда "
        "согласие дадут оба адреса: это письмо одному из них.",
        button="Перейти к согласию",
        after="Ссылка действует 72 часа; на её странице есть кнопка согласия. Если вы об этом не просили, ничего не "
        "делайте: всё останется как есть.",
    ),
    ("kk", AccountMailKind.NEW_ADDRESS): NoticeWords(
        subject="Жаңа мекенжайды растаңыз",
        heading="Жаңа мекенжайды растаңыз",
        said="Біреу, бәлкім өзіңіз, баспасөз хабарламаларымызды басқа мекенжайға жіберуді сұрады. Екі мекенжай да "
        "келіскенде ол орындалады: бұл хат солардың біріне жіберілді.",
        button="Келісу бетіне өту",
        after="Сілтеме 72 сағат жарамды; бетіндегі түйме келісімді білдіреді. Сұрамаған болсаңыз, ештеңе істемеңіз: "
        "бәрі бұрынғыдай қалады.",
    ),
    ("en", AccountMailKind.EMBARGO): NoticeWords(
        subject="A release under embargo for you",
        heading="You may read a release before it is public",
        said="We let you read a release under embargo. The page first says until when nothing of it may be published; "
        "it opens once you have accepted that.",
        button="See the embargo",
        after="The link is for you alone: do not pass it on. That you accepted the embargo, and each time you open the "
        "release, is on record with us.",
    ),
    ("ru", AccountMailKind.EMBARGO): NoticeWords(
        subject="Пресс-релиз под эмбарго для вас",
        heading="Вы можете прочитать пресс-релиз до его публикации",
        said="Мы открываем вам пресс-релиз под эмбарго. Сначала на странице указано, до какого момента публиковать его "
        "нельзя; он откроется после того, как вы примете это условие.",
        button="Посмотреть условия эмбарго",
        after="Ссылка предназначена только для вас: не передавайте её другим. То, что вы приняли эмбарго, и каждое "
        "открытие текста отмечаются у нас.",
    ),
    ("kk", AccountMailKind.EMBARGO): NoticeWords(
        subject="Сізге арналған эмбаргодағы хабарлама",
        heading="Хабарламаны жарияланғанға дейін оқи аласыз",
        said="Біз сізге эмбаргодағы хабарламаны алдын ала оқуға мүмкіндік береміз. Бетте алдымен оны қай уақытқа дейін "
        "жариялауға болмайтыны көрсетіледі; осы шартты қабылдағаннан кейін мәтін ашылады.",
        button="Эмбарго шартын көру",
        after="Сілтеме тек сізге арналған: оны ешкімге бермеңіз. Эмбаргоны қабылдағаныңыз және мәтінді әр ашқаныңыз "
        "бізде тіркеледі.",
    ),
}
