"""What a browser says it is, short enough for its owner to know it again."""

import re

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""In this order: nearly all say that they are Chrome and Safari too."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def named(user_agent: str) -> str:
    """`Firefox, Linux`; empty when it says nothing we know. No version: it would tell more than is needed."""
    browser = next((name for word, name in BROWSERS if re.search(rf"(?:\b|Headless){word}(?:A|iOS)?/", user_agent)), "")
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)
