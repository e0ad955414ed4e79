"""Mail templates of an operator's own: looked at before anything of theirs can leave."""

from service.templates.checking import BadTemplates, Finding, State, check, require

__all__ = ["BadTemplates", "Finding", "State", "check", "require"]
