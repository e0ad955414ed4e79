"""Which mailbox provider a domain's mail goes to, as its MX records said."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base


class MailDomain(Base):
    """The part of addresses behind the @. `provider` groups all domains that one provider hosts: google, microsoft …"""

    __tablename__ = "mail_domain"

    name: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    looked_up_at: Mapped[datetime]
