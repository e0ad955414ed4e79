"""Japanese carriers, portals and filters: docomo, au (EZweb, KDDI), SoftBank, BIGLOBE, m-FILTER."""

from service.feedback.notices.dialect import Dialect

DIALECTS = (
    Dialect(
        "KDDI",
        sentences=(r"could not be delivered to: {address}>?[^\n]{0,5}",),
    ),
    Dialect(
        "EZweb's accounts",
        lists=(r"the user\(s\) account is (?:disabled|temporarily limited)\.",),
        doubtful=True,
    ),
    Dialect(
        "EZweb",
        sentences=(r"recipient: {address}",),
        signs=(
            r"each of the following recipients was rejected by a remote mail server|the user\(s\) account is|ezweb"
            r"|au\.com"
        ),
    ),
    Dialect(
        "EZweb's relays",
        lists=(
            r"each of the following recipients was rejected by a remote mail server\.",
            r"the following recipients did not receive this message:",
        ),
    ),
    Dialect(
        "m-FILTER",
        lists=(r"-{3,}(?:server message|送信先アドレス|宛先)[^\n]{0,20}\n",),
        sentences=(r"(?:宛先|送信先|受信者)[^\n]{0,20}[:：] ?{address}",),
        signs=r"m-filter|server message",
    ),
    Dialect(
        "Japanese prose",
        lists=(
            r"(?:次|以下|下記)の(?:あて先|宛先|アドレス|メールアドレス|受信者)[^\n]{0,60}(?:ません|失敗|エラー)[^\n]{0,30}",
            r"(?:送信|配信|配達|お届け)(?:すること)?(?:が)?(?:でき|し)ませんでした[^\n]{0,30}",
            r"(?:エラー|配信不能)[^\n]{0,20}(?:アドレス|宛先)[^\n]{0,20}",
        ),
        sentences=(r"{address}[>)」]{0,2} ?(?:宛|あて|は|へ|に)[^\n]{0,60}(?:ません|失敗)",),
        delayed=r"遅延|再送(?:を)?(?:試み|し)|しばらく",
        doubtful=True,
    ),
)
