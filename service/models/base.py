"""What every table shares: UUIDv7 ids made by PostgreSQL, aware times, names for constraints, enums by value."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlalchemy import DateTime, Enum, LargeBinary, MetaData, Text, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[UUID, mapped_column(primary_key=True, server_default=func.uuidv7())]
Made = Annotated[datetime, mapped_column(server_default=func.now())]


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text, bytes: LargeBinary}


def enum(kind: type[StrEnum], name: str) -> Enum:
    """A PostgreSQL enum of the values a StrEnum has."""
    return Enum(kind, name=name, values_callable=lambda members: [member.value for member in members])
