"""Names, places and titles from which the invented press corps is made, in the scripts they are written in."""

from dataclasses import dataclass

Spelt = tuple[str, str]
"""A word as it is written, and in Latin letters for an address."""


@dataclass(frozen=True, slots=True)
class Country:
    """Two places in five titles make ten outlets; `order` is how a name is put together."""

    code: str
    languages: tuple[str, ...]
    first: tuple[Spelt, ...]
    last: tuple[Spelt, ...]
    places: tuple[Spelt, ...]
    titles: tuple[Spelt, ...]
    order: str = "{first} {last}"


def _latin(words: str) -> tuple[Spelt, ...]:
    return tuple((word, word.lower()) for word in words.split())


def _spelt(words: str, latin: str) -> tuple[Spelt, ...]:
    return tuple(zip(words.split(), latin.split(), strict=True))


def _titles(*titles: str) -> tuple[Spelt, ...]:
    return tuple(zip(titles, ("courier", "radio", "wire", "evening", "business"), strict=True))


ENGLISH = _titles("{} Courier", "Radio {}", "{} Wire", "The {} Evening Post", "{} Business Week")
RUSSIAN = _titles("Курьер ({})", "Радио «{}»", "{} Информ", "Вечерний листок ({})", "{} деловой")

COUNTRIES = (
    Country(
        "KZ",
        ("kk", "ru", "ru", "en"),
        _spelt(
            "Айгүл Дәурен Нұрлан Әсел Ерлан Гүлнар Қанат Мәдина", "aigul dauren nurlan asel yerlan gulnar kanat madina"
        ),
        _spelt("Беков Сейтқали Омаров Жұмабек Қасым Төлеген", "bekov seitkali omarov zhumabek kasym tolegen"),
        (("Тұмар", "tumar"), ("Көкжиек", "kokzhiek")),
        _titles("{} жаршысы", "{} радиосы", "{} ақпарат", "Кешкі {}", "{} іскер"),
    ),
    Country(
        "RU",
        ("ru",),
        _spelt("Анна Борис Вера Глеб Дарья Егор Жанна Илья", "anna boris vera gleb darya egor zhanna ilya"),
        _spelt("Лугин Полянская Ветров Рощин Заречная Холмов", "lugin polyanskaya vetrov roshchin zarechnaya kholmov"),
        (("Белореченск", "belorechensk"), ("Заозёрск", "zaozersk")),
        RUSSIAN,
    ),
    Country(
        "KG",
        ("ky", "ru", "ru", "en"),
        _spelt("Айбек Чолпон Бакыт Жылдыз Нурбек Гүлзат", "aibek cholpon bakyt zhyldyz nurbek gulzat"),
        _spelt("Токтогул Асанов Мамытова Эсенбек Жусупова", "toktogul asanov mamytova esenbek zhusupova"),
        (("Алатоо", "alatoo"), ("Суусамыр", "suusamyr")),
        RUSSIAN,
    ),
    Country(
        "UZ",
        ("uz", "ru", "en"),
        _spelt("Oʻktam Gʻayrat Dilnoza Sherzod Nilufar Jasur", "oktam gayrat dilnoza sherzod nilufar jasur"),
        _spelt("Yoʻldoshev Karimova Rahimov Toʻrayeva Saidov", "yoldoshev karimova rahimov torayeva saidov"),
        (("Chorsu", "chorsu"), ("Zarafshon", "zarafshon")),
        _titles("{} xabarchisi", "{} radiosi", "{} axborot", "Oqshom {}", "{} biznes"),
    ),
    Country(
        "TR",
        ("tr", "en"),
        _spelt("Ayşe Çağla Emre Gökçe İpek Şule Oğuz", "ayse cagla emre gokce ipek sule oguz"),
        _spelt("Yıldız Öztürk Çelik Güneş Şahin Ilgaz", "yildiz ozturk celik gunes sahin ilgaz"),
        (("Anadolu Köprü", "kopru"), ("Boğaz", "bogaz")),
        _titles("{} Postası", "Radyo {}", "{} Ajansı", "Akşam {}", "{} Ekonomi"),
    ),
    Country(
        "IN",
        ("en", "hi"),
        _spelt("आरव दीपा Kiran Meera Rohan सुनीता", "aarav deepa kiran meera rohan sunita"),
        _spelt("शर्मा Iyer Banerjee पटेल Nair Reddy", "sharma iyer banerjee patel nair reddy"),
        (("Ganga Plains", "ganga"), ("Deccan Gate", "deccan")),
        ENGLISH,
    ),
    Country(
        "CN",
        ("zh", "en"),
        _spelt("伟 芳 娜 敏 静 磊 洋 丽", "wei fang na min jing lei yang li"),
        _spelt("王 李 张 刘 陈 杨 赵", "wang li zhang liu chen yang zhao"),
        (("江岸", "jiangan"), ("云岭", "yunling")),
        _titles("{}信使报", "{}广播", "{}通讯", "{}晚报", "{}商报"),
        order="{last}{first}",
    ),
    Country(
        "AE",
        ("ar", "en"),
        _spelt("أحمد فاطمة خالد مريم يوسف نورة", "ahmed fatima khalid maryam yousef noura"),
        _spelt("المنصوري الهاشمي السويدي الكعبي النعيمي", "almansoori alhashimi alsuwaidi alkaabi alnuaimi"),
        (("الواحة", "waha"), ("المرفأ", "marfa")),
        _titles("بريد {}", "إذاعة {}", "وكالة {}", "مساء {}", "أعمال {}"),
    ),
    Country(
        "GB",
        ("en",),
        _latin("Alice Bertram Charlotte Dermot Eleanor Fergus"),
        (("O'Hara", "ohara"), *_latin("Ashdown Blackwood Carrick Dunmore Eastleigh")),
        (("Thamesbrook", "thamesbrook"), ("Northmoor", "northmoor")),
        ENGLISH,
    ),
    Country(
        "DE",
        ("de", "en"),
        _spelt("Jürgen Käthe Björn Lena Matthias Zoë", "juergen kaethe bjoern lena matthias zoe"),
        _spelt("Müller Weiß Schröder Lindner Groß", "mueller weiss schroeder lindner gross"),
        (("Elbtal", "elbtal"), ("Grünau", "gruenau")),
        _titles("{}er Kurier", "Radio {}", "{}er Nachrichten", "{}er Abendblatt", "{}er Wirtschaft"),
    ),
    Country(
        "MN",
        ("mn", "ru", "en"),
        _spelt("Батаа Сарнай Төмөр Оюун Ганбат Номин", "bataa sarnai tomor oyuun ganbat nomin"),
        _spelt("Дорж Цэрэн Болд Энхбаяр Пүрэв", "dorj tseren bold enkhbayar purev"),
        (("Хангай", "khangai"), ("Говь", "govi")),
        _titles("{}н элч", "{} радио", "{} мэдээ", "Үдшийн {}", "{} бизнес"),
    ),
    Country(
        "EG",
        ("ar", "en", "fr"),
        _spelt("منى طارق ليلى حسن سلمى", "mona tarek layla hassan salma"),
        _spelt("فرغلي شاهين البنا زكي منصور", "farghaly shaheen elbanna zaki mansour"),
        (("الدلتا", "delta"), ("الضفة الشرقية", "eastbank")),
        _titles("بريد {}", "إذاعة {}", "وكالة {}", "مساء {}", "أعمال {}"),
    ),
)
