"""The verbs of citizens' accounts: opened by a phone code, by WeChat or as a guest; merged, named, told, closed, forgotten."""

from anlan.identity.citizens.accounts import Known, edit_me, known, open_guest, subscribe
from anlan.identity.citizens.codes import Asked, ask_code, sign_in_by_phone
from anlan.identity.citizens.leaving import close_account, forget_idle
from anlan.identity.citizens.names import Verdict, check_real_name, real_name_by, real_name_of
from anlan.identity.citizens.telling import subscribed_openid, tell
from anlan.identity.citizens.wechat import sign_in_by_wechat

__all__ = [
    "Asked",
    "Known",
    "Verdict",
    "ask_code",
    "check_real_name",
    "close_account",
    "edit_me",
    "forget_idle",
    "known",
    "open_guest",
    "real_name_by",
    "real_name_of",
    "sign_in_by_phone",
    "sign_in_by_wechat",
    "subscribe",
    "subscribed_openid",
    "tell",
]
