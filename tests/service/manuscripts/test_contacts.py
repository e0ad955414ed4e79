"""Media contacts, as blocks, as one line, several of them, in three languages."""

import pytest

from service.manuscripts import Contact, Manuscript, read

ADA = Contact("Ada Berg", "Press Officer", "Rivers Commission", "+7 701 000 00 11", "ada@rivers.example")


def release(tail: str) -> Manuscript:
    return read(f"Headline\n\nAstana, 22 January 2024 – The lead.\n\nThe body.\n\n{tail}".encode())


ON_ONE_LINE = "Contact: Ada Berg, Press Officer, Rivers Commission, +7 701 000 00 11, ada@rivers.example"
IN_A_SENTENCE = (
    ON_ONE_LINE.replace("Contact", "For more information please contact")
    .replace(", +7", ", at +7")
    .replace(", ada", " or ada")
)
BARRED = "Press contact – Ada Berg | Press Officer | Rivers Commission | T: +7 701 000 00 11 | E: ada@rivers.example"
WHO = "Ada Berg\nPress Officer\nRivers Commission\n"
FIELDS = """\
Media enquiries:
Name: Ada Berg
Title: Press Officer
Organisation: Rivers Commission
Mobile/WhatsApp: +7 701 000 00 11
Email: mailto:ada@rivers.example
"""


@pytest.mark.parametrize(
    "block",
    [
        f"Media Contact:\n{WHO}Phone: +7 701 000 00 11\nE-mail: ada@rivers.example",
        "MEDIA CONTACT\n\nAda Berg\n\nPress Officer\n\nRivers Commission\n\n+7 701 000 00 11\n\nada@rivers.example",
        "For more information:\nAda Berg, Press Officer\nRivers Commission\n+7 701 000 00 11; <ada@rivers.example>",
        "Press inquiries:\nAda Berg\nPress Officer, Rivers Commission\n+7 701 000 00 11\nada@rivers.example",
        f"Для СМИ:\n{WHO}Моб. тел.: +7 701 000 00 11\nЭл. почта: ada@rivers.example",
        f"БАҚ үшін байланыс:\n{WHO}Ұялы тел.: +7 701 000 00 11\nЭлектрондық пошта: ada@rivers.example",
        ON_ONE_LINE,
        IN_A_SENTENCE,
        BARRED,
        FIELDS,
    ],
)
def test_a_contact_is_read_however_it_is_laid_out(block: str) -> None:
    manuscript = release(block)
    assert manuscript.remarks == ()
    assert manuscript.contacts == (ADA,)
    assert manuscript.body == "The body."


@pytest.mark.parametrize(
    ("line", "role", "organisation"),
    [
        ("Head of Press, Communications and Outreach", "Head of Press, Communications and Outreach", ""),
        ("Senior Hydrologist", "Senior Hydrologist", ""),
        ("Руководитель пресс-службы, Министерство воды", "Руководитель пресс-службы", "Министерство воды"),
        ("Secretariat of the CICA", "", "Secretariat of the CICA"),
    ],
)
def test_the_line_below_the_name_is_a_role_an_organisation_or_both(line: str, role: str, organisation: str) -> None:
    [contact] = release(f"Contact:\nAda Berg\n{line}\nada@rivers.example").contacts
    assert (contact.role, contact.organisation) == (role, organisation)


def test_several_contacts_stand_under_one_heading() -> None:
    manuscript = release(
        "Контакты для СМИ:\nАйгерим Бекова\nПресс-секретарь\n+7 701 000 00 11\nБен Ли\nСоветник\nben@rivers.example\n\n"
        "Клео Нур\nТел.: 8 (7172) 00-00-12 (доб. 5)\ncleo@rivers.example"
    )
    assert manuscript.contacts == (
        Contact("Айгерим Бекова", "Пресс-секретарь", phone="+7 701 000 00 11"),
        Contact("Бен Ли", "Советник", email="ben@rivers.example"),
        Contact("Клео Нур", phone="8 (7172) 00-00-12 (доб. 5)", email="cleo@rivers.example"),
    )


def test_two_numbers_on_one_line_are_two() -> None:
    [contact] = release("Contact:\nAda Berg\nTel: 020 7946 0018 / 07700 900123").contacts
    assert contact.phone == "020 7946 0018, 07700 900123"


def test_two_numbers_of_one_person_are_kept() -> None:
    [contact] = release("Contact:\nAda Berg\nOffice: +7 7172 00 00 11\nMobile: +7 701 000 00 11").contacts
    assert contact.phone == "+7 7172 00 00 11, +7 701 000 00 11"


def test_what_fits_no_field_of_a_contact_is_a_remark() -> None:
    manuscript = release("Contact:\nAda Berg\nFax: +7 7172 00 00 13\nTelegram: @ada\nada@rivers.example")
    assert [(remark.line, remark.text) for remark in manuscript.remarks] == [
        (9, "Fax: +7 7172 00 00 13"),
        (10, "Telegram: @ada"),
    ]
    assert manuscript.contacts == (Contact("Ada Berg", email="ada@rivers.example"),)


def test_a_postcode_is_no_telephone() -> None:
    [contact] = release("Contact:\nAda Berg\nAstana 010000\nada@rivers.example").contacts
    assert contact.phone == ""


def test_prose_under_a_contact_heading_stays_prose() -> None:
    prose = (
        "Journalists who want to see the gauges may come on any morning but Monday, and should wear boots for the mud."
    )
    manuscript = release(f"Contact:\n\n{prose}")
    assert manuscript.contacts == ()
    assert manuscript.body.endswith(prose)
    assert [remark.text for remark in manuscript.remarks] == [""]


def test_the_text_goes_on_after_a_contact() -> None:
    manuscript = release("Contact:\nAda Berg\nada@rivers.example\n\nAbout the Commission\n\nIt measures rivers.")
    assert manuscript.boilerplate == "**About the Commission**\n\nIt measures rivers."
    assert manuscript.contacts == (Contact("Ada Berg", email="ada@rivers.example"),)
