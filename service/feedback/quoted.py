"""What a report quotes of an SMTP dialogue: the reply's code, its enhanced code, and what was refused."""

import re

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# Three digits are a reply's code at the beginning of a line, after words like "said:" or before an enhanced code.
_CODE = re.compile(
    (
        r"(?:^|\b(?:said|reply|replied|reason|returned|error(?:[ _]code)?|response|status|code|was|rejected|by|failure"
        r"|smtp)"
        r"\W{0,4}|\]\W{1,3}|<<< ?|\.{3} ?)"
        r"['\"(#]?\s*([2-5]\d\d)(?![\d.]|\s?(?:seconds|minutes|hours|days|bytes|kb|mb|sec))"
        r"|(?<![\d.])([2-5]\d\d)(?=[ :-]{1,2}[^\w\s]?[245]\.\d)"
    ),
    re.IGNORECASE | re.MULTILINE,
)
_STAGES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (stage, re.compile(pattern, re.IGNORECASE))
    for stage, pattern in (
        (
            "connect",
            r"\bgreeting failed\b|\brefused to talk\b|\bduring (the )?(initial )?(connection|banner|greeting)\b",
        ),
        (
            "mail",
            (
                r"\(in reply to (end of )?MAIL\b|\bafter (a )?(pipelined )?MAIL( FROM)?\b|\bour MAIL( FROM)?\b"
                r"|\[MAIL_?FROM\]|\bsender was rejected\b|^>>> ?MAIL\b|\bfor MAIL( FROM)? command\b"
            ),
        ),
        (
            "rcpt",
            (
                r"\(in reply to (end of )?RCPT\b|\bafter (a )?(pipelined )?RCPT( TO| command)?\b|\bour RCPT( TO)?\b"
                r"|\[RCPT_?TO\]|\bdoes not like recipient\b|\bSMTP:RCPT\b|\bfor RCPT( TO)? command\b"
                r"|\bsent: RCPT TO\b|\bRCPT TO generated\b|\bremote smtp server has rejected address\b|\bRCPT (TO"
                r"|command)[^\n]{0,200}\bfailed\b"
            ),
        ),
        (
            "dot",
            (
                r"\(in reply to (end of DATA|[^)]{0,20}BDAT)|\bafter end of data\b|\bour final DATA\b|\[(DATA|BODY"
                r"|EOD)\]"
                r"|\bsmtp transmission failure\b|\bafter I sent the message\b|\bfor TEXT command\b"
                r"|\bafter (a )?(pipelined )?(DATA|sending data)\b"
                r"|\bfailed on DATA command\b|\bBody of message generated response\b|\bour DATA\b|\(in reply to\b"
            ),
        ),
    )
)
SAME = 16
MOST_LINES = 400
_ASKED = re.compile(r"^[> \t]{0,6}>>> ?(MAIL|RCPT|DATA|BDAT|EHLO|HELO|\.)", re.IGNORECASE)
_ANSWERED = re.compile(r"^[> \t]{0,6}<<< ?([45]\d\d)")
_COMMANDS = {"mail": "mail", "rcpt": "rcpt", "data": "dot", "bdat": "dot", ".": "dot", "ehlo": "connect"}


def code(said: str) -> int | None:
    """The three digits of the first reply quoted, None when there is none."""
    found = _CODE.search(said)
    return int(found[1] or found[2]) if found else None


def enhanced(said: str, status: str = "") -> str:
    """The server's own code before the reporter's `status`, unless it says nothing ("5.0.0") and that something."""
    found = _CODE.search(said)
    own = STATUS.search(said, found.end() if found else 0) or STATUS.search(said)
    theirs = STATUS.match(status)
    if own is None or (own[1].endswith(".0.0") and theirs):
        return theirs[1] if theirs else own[1] if own else ""
    return own[1]


def stage(said: str, besides: str = "", transcript: str = "") -> str:
    """What was refused, by their words or what stands besides, else by the command a transcript shows before them."""
    for text in (said, besides):
        for name, pattern in _STAGES:
            if text and pattern.search(text):
                return name
    return _asked(transcript or said, said)


def _asked(transcript: str, said: str) -> str:
    """The command to which a transcript shows this answer; of an answer that stands nowhere in it, nothing."""
    begin = said.strip()[:SAME].strip()
    asked = ""
    for line in transcript.splitlines()[:MOST_LINES]:
        command = _ASKED.match(line)
        if command:
            asked = command[1].lower()
            continue
        answer = _ANSWERED.match(line)
        if answer and asked and (begin in line or answer[1] in said):
            return _COMMANDS.get(asked, "")
    return ""
