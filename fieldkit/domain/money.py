"""Amounts as people read them: 2.5亿元, 3000万元, CNY 250 million. Never rounded: every digit that is stored is shown."""

from __future__ import annotations

from fieldkit.i18n import language

YUAN = "CNY"
_NAMES_ZH = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "JPY": "日元",
    "GBP": "英镑",
    "TWD": "新台币",
    "KRW": "韩元",
}
_WAN, _YI = 10_000, 100_000_000
_MILLION, _BILLION = 1_000_000, 1_000_000_000


def money_text(amount: int, currency: str = YUAN) -> str:
    """`amount` in whole units of `currency` (ISO 4217), in the language in use."""
    return _chinese(amount, currency) if language().startswith("zh") else _english(amount, currency)


def _chinese(amount: int, currency: str) -> str:
    name = _NAMES_ZH.get(currency, currency)
    if abs(amount) >= _YI and amount % _WAN == 0:
        return f"{_decimal(amount, _YI)}亿{name}"
    if abs(amount) >= _WAN:
        return f"{_decimal(amount, _WAN)}万{name}"
    return f"{amount}{name}"


def _english(amount: int, currency: str) -> str:
    for unit, word in ((_BILLION, "billion"), (_MILLION, "million")):
        if abs(amount) >= unit and amount % (unit // 1000) == 0:
            return f"{currency} {_decimal(amount, unit)} {word}"
    return f"{currency} {amount:,}"


def _decimal(amount: int, unit: int) -> str:
    whole, rest = divmod(abs(amount), unit)
    digits = str(rest).zfill(len(str(unit)) - 1).rstrip("0")
    return ("-" if amount < 0 else "") + str(whole) + (f".{digits}" if digits else "")
