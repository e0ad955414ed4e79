"""Second factors as rows: the sealed secret of a code device, the last code taken, and hashes of recovery codes."""

from hashlib import sha256

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.orm import Session

from service import audit, sealing
from service.models import Account, Passkey, Usage
from service.sealing import Sealed


def keep_secret(session: Session, account: Account, secret: str | None) -> None:
    """Let codes of this secret be asked for, or none any more; recovery codes without a factor are void too."""
    account.totp_secret = sealing.seal(Sealed.TOTP, secret.encode(), place=str(account.id)) if secret else None
    if secret is None and not _has_second_passkey(session, account):
        account.recovery_seals = []
    audit.write(session, "codes of an app begun" if secret else "codes of an app ended", account=account)
    session.flush()


def secret_of(account: Account) -> str | None:
    """The secret of the code device. Raises sealing.CannotOpen."""
    if account.totp_secret is None:
        return None
    return sealing.open_(Sealed.TOTP, account.totp_secret, place=str(account.id)).decode()


def has_code_device(account: Account) -> bool:
    """Whether codes are asked for."""
    return account.totp_secret is not None


def has_second_factor(session: Session, account: Account) -> bool:
    """Whether more than a password is asked of this person."""
    return has_code_device(account) or _has_second_passkey(session, account)


def code_taken(account: Account) -> int | None:
    """The interval of the last code that was taken."""
    return account.totp_counter


def take_code(session: Session, account: Account, counter: int) -> bool:
    """Use up the code of this interval and all before it; False when it has been used (RFC 6238, 5.2)."""
    fresh = or_(Account.totp_counter.is_(None), Account.totp_counter < counter)
    query = update(Account).where(Account.id == account.id, fresh).values(totp_counter=counter).returning(Account.id)
    return session.scalar(query) is not None


def keep_recovery_codes(session: Session, account: Account, codes: list[str]) -> None:
    """Let these codes be good, each once, and those before them no more."""
    account.recovery_seals = [_seal(account, code) for code in codes]
    audit.write(session, "recovery codes made", account=account, number=len(codes))
    session.flush()


def recovery_codes_left(account: Account) -> int:
    """How many of them have not been used."""
    return len(account.recovery_seals)


def spend_recovery_code(session: Session, account: Account, code: str) -> bool:
    """Use up this code; False when it is none, or none any more. Of two at once one finds it."""
    seal = _seal(account, code)
    spent = session.scalar(
        update(Account)
        .where(Account.id == account.id, literal(seal) == func.any(Account.recovery_seals))
        .values(recovery_seals=func.array_remove(Account.recovery_seals, seal))
        .returning(func.cardinality(Account.recovery_seals))
        .execution_options(synchronize_session=False)
    )
    if spent is None:
        return False
    session.refresh(account, ["recovery_seals"])
    audit.write(session, "recovery code used", account=account, left=int(spent))
    return True


def reset_factors(session: Session, account: Account, *, by: Account) -> None:
    """Take away the second factors of who has lost them; she signs in by link and sets up new ones."""
    account.totp_secret = account.totp_counter = None
    account.recovery_seals = []
    for passkey in session.scalars(select(Passkey).where(Passkey.account_id == account.id)):
        session.delete(passkey)
    audit.write(session, "second factors taken away", account=by, to=str(account.id))
    session.flush()


def reseal(session: Session) -> int:
    """Seal every secret with the present SECRET_KEY; how many there were. Raises sealing.CannotOpen."""
    query = select(Account).where(Account.totp_secret.is_not(None)).order_by(Account.id).with_for_update()
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    for account in found:
        account.totp_secret = sealing.seal(Sealed.TOTP, (secret_of(account) or "").encode(), place=str(account.id))
    session.flush()
    return len(found)


def _has_second_passkey(session: Session, account: Account) -> bool:
    query = select(Passkey.id).where(Passkey.account_id == account.id, Passkey.usage == Usage.SECONDARY)
    return session.scalar(query.limit(1)) is not None


def _seal(account: Account, code: str) -> bytes:
    # 80 bits of chance: a plain hash cannot be searched. Salted, so that one search is not one for all accounts.
    plain = "".join(code.split()).replace("-", "").lower()
    return sha256(account.id.bytes + plain.encode(errors="replace")).digest()
