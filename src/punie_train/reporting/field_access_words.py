"""How the field access rate of three levels reads."""

from punie_train.evals.report import FieldAccessRates
from punie_train.reporting import numbers


def field_access_words(rates: FieldAccessRates) -> str:
    """Return what was measured, such as `98.0 % static, 97.0 % typed, 95.0 % executed`."""
    levels = {"static": rates.static, "typed": rates.typed, "executed": rates.executed}
    told = [f"{numbers.percent(rate)} {name}" for name, rate in levels.items() if rate is not None]
    return ", ".join(told) or numbers.NOT_AVAILABLE
