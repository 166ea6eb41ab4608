"""What the calendar starts from: past notices of the State Council as chinese-calendar knows them, and years still to be announced."""

from datetime import date, timedelta
from importlib.metadata import version

from chinese_calendar import constants

from anlan.kernel.workdays import CalendarDay

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}

# New Year's Eve of the lunar calendar, 清明, 端午, 中秋: from memory [K]; the new moon of February 2027 falls four minutes
# before midnight, where approximate lunar calendars (ICU among them) go wrong by a day.
FESTIVALS = {
    2027: (date(2027, 2, 5), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),
    2028: (date(2028, 1, 25), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)),
}


def last_official_year() -> int:
    """The last year whose notice chinese-calendar carries through to National Day."""
    return max(day.year for day, name in constants.holidays.items() if name == "National Day")


def seed_rows() -> list[CalendarDay]:
    """Every day named in a notice, from 2004 to `last_official_year()`: days off and working weekends."""
    release, last = version("chinese-calendar"), last_official_year()
    off = {day: (False, NAMES.get(name, name)) for day, name in constants.holidays.items()}
    on = {day: (True, f"{NAMES.get(name, name)}调休上班") for day, name in constants.workdays.items()}
    return [
        CalendarDay(
            day, is_workday, name, f"国务院办公厅{day.year}年节假日安排 (chinese-calendar {release}) [K]", "official"
        )
        for day, (is_workday, name) in sorted((off | on).items())
        if day.year <= last
    ]


def provisional_year(year: int) -> list[CalendarDay]:
    """
    The statutory days off of a year not yet announced; no 调休, which only the notice can decide.

    《全国年节及纪念日放假办法》 as amended for 2025: New Year 1, Spring Festival 4 from the eve, 清明 1, Labour 2, 端午 1,
    中秋 1, National Day 3 days. A due date computed with it may move once the notice is loaded.
    """
    if year not in FESTIVALS:
        raise ValueError(f"The festivals of {year} are not known; load the official notice.")
    eve, qingming, dragon_boat, mid_autumn = FESTIVALS[year]
    spans = [
        ("元旦", date(year, 1, 1), 1),
        ("春节", eve, 4),
        ("清明节", qingming, 1),
        ("劳动节", date(year, 5, 1), 2),
        ("端午节", dragon_boat, 1),
        ("中秋节", mid_autumn, 1),
        ("国庆节", date(year, 10, 1), 3),
    ]
    days = {start + timedelta(days=i): name for name, start, length in reversed(spans) for i in range(length)}
    source = "《全国年节及纪念日放假办法》(2024 年修订)，未公布调休 [K]"
    return [
        CalendarDay(day, is_workday=False, name=days[day], source=source, status="provisional") for day in sorted(days)
    ]
