"""Links that lead to the page one is at say what was asked for, and nothing that Flask would take for itself."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service import accounts
from service.models import Role
from tests.factories import Newsroom
from tests.service.web.conftest import Browser

HOSTILE = "_method=x&_scheme=javascript&_external=1&_anchor=x&endpoint=home.show&_values=1"


@pytest.mark.parametrize("path", ["/sign-in-link", "/sign-in-link/asked"])
def test_a_public_page_stands_whatever_its_address_says(client: FlaskClient, path: str) -> None:
    page = client.get(f"{path}?{HOSTILE}&from=mail")
    assert page.status_code == 200
    assert "from=mail" in page.text
    assert "javascript:" not in page.text


@pytest.mark.parametrize("path", ["/releases", "/journalists", "/people/audit", "/suppressions"])
def test_a_list_of_the_desk_stands_too_and_keeps_what_narrows_it(
    session: Session, signed_in: Browser, newsroom: Newsroom, path: str
) -> None:
    accounts.grant(session, newsroom.ada, newsroom.sender, list(Role))
    page = signed_in(newsroom.ada).get(f"{path}?{HOSTILE}&q=river&id_=1&kind=zip")
    assert page.status_code == 200
    assert "javascript:" not in page.text
