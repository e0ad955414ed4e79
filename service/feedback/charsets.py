"""Octets into words by the charset that mail names, which is often wrong, unknown or a trap."""

import re

_NAMED = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
# Charsets worth asking Python for: others (hex, idna, punycode, utf-7) are no text, cost time or hide control letters.
_KNOWN = re.compile(
    r"(us-)?ascii|utf-?8|utf-?16([bl]e)?|iso-?8859-?\d{1,2}(-[ei])?|(windows-|cp)\d{3,4}|koi8-[rut]|gb2312|gbk|gb18030"
    r"|big5(-?hkscs)?|euc-?(jp|kr)|ks_c_5601(-1987)?|iso-2022-(jp|kr)([-_]\w{1,3})?|shift[-_]?jis|sjis|latin-?\d"
    r"|tis-620"
)
# Names under which Chinese and Korean mail says less than it holds.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949"}


def decoded(octets: bytes, content_type: str) -> str:
    """The words in the charset this Content-Type names, in UTF-8 where it names none that mail is written in.

    What cannot be decoded is replaced, never refused; line ends are LF.
    """
    try:
        return octets.decode(_charset(octets, content_type), "replace").replace("\r\n", "\n")
    except LookupError:
        return octets.decode("utf-8", "replace")


def _charset(octets: bytes, content_type: str) -> str:
    # Japanese mail of old says nothing and shifts by escape.
    if b"\x1b$" in octets:
        return "iso-2022-jp"
    named = _NAMED.search(content_type)
    charset = named[1].lower() if named else "utf-8"
    return _WIDER.get(charset, charset) if _KNOWN.fullmatch(charset) else "utf-8"
