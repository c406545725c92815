"""What the names of columns and tables say by themselves.

Patterns, not the policy tables: here it is asked whether a predicate restricts states or people, not
what a column discloses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from auditscan.policy import normalize
from auditscan.readers.sqltext.model import UNKNOWN

_YEAR = r"(_(ltst|latest|latest_year|\d+))?$"
_CLASSES = {
    "state": re.compile(
        r"^(submtg|sbmtg|submitg|submitting)(_mdcd|_mdcd_lcl)?_(state|st)(_(cd|code|id|name|abbr|usps|fips))?$"
    ),
    # In some files the submitting state, in others that of the address: a predicate tells nothing certain.
    "vague_state": re.compile(r"^(state|st|stc|usps_state|fips_state)(_(cd|code|abbr|fips|id))?$"),
    "citizenship": re.compile(r"^(ctznshp|citizenship)_(ind|indicator|cd|code)" + _YEAR),
    "immigration": re.compile(r"^(imgrtn|immigration)_(stus|status)(_(cd|code))?" + _YEAR),
    "benefits": re.compile(r"^(rstrctd|restricted)_(bnfts|benefits)(_(cd|code))?" + _YEAR),
    "chip": re.compile(r"^chip_(cd|code)" + _YEAR),
    # Verification flags, ends of bars, alien numbers: they choose people by status, and prove none.
    "status": re.compile(r"ctznshp|citizen|imgrtn|immigr|(^|_)(alien|visa|sevis|nationality)(_|$)"),
}
STATE_CLASSES = ("state", "vague_state")
PEOPLE_CLASSES = ("citizenship", "immigration", "benefits", "status")

NAME_CLASSES = ("name", "birth")
"""Two of them, one a name, pick a person."""

_KEY = re.compile(r"ident|msis|ssn|(^|_)(mbi|hicn?|id|sk|key|num|uniq|bene|clm)(_|$)")
_NO_KEY = re.compile(
    r"prvdr|prov|plan|(^|_)state(_(cd|code|name|abbr))?$|(^|_)org(_|$)|vrfctn|_ind$|zip|npi|phne|phone|cntct|race|lang|cnty|county|city|wvr|ndc|drug"
    r"|dgns"
)
# Many people share one of these: families, and all that came with one delivery.
_FAMILY = re.compile(r"(^|_)(hsehld|hshld|hh|household|family|fmly|case)(_|$)")
_BATCH = re.compile(r"(^|_)(run|fil|file|rec|row|src|rfrnc|batch|load|seq|sqnc|line|tape|extrct|etl|job|prd|rptg)(_|$)")
# A person, or a claim of one. The ids of Medicaid and MSIS are unique within a state.
_PERSON_KEY = re.compile(
    r"(^|_)(ssn|social_sec(urity)?|mbi|hicn?|alien|anum|a_num|a_number|passport|visa|sevis)(_(num|nbr|no|id|number))?$"
    r"|(^|_)(msis|bene|mbr|member|person|prsn|ptnt|patient|enrollee|elgbl|mdcd|mdcr|medicaid|medicare|rcpnt|recipient"
    r"|subscriber|client|clm|claim|natl|idr)_?(\w+_)?(ident|idnt|identification|id|sk|uniq|num|nbr|no|key)(_(sk|num|nbr|no|id|key|number))?$"
)
_NAME = re.compile(r"(^|_)(first|last|mdl|middle|1st|full|sur|given)_?(name|nm)$|(^|_)surname$")
_BIRTHDAY = re.compile(r"(^|_)(dob|(birth|brth)_?(dt|date|day))$")

# What a filter on them tells of everybody in the result, and no order lets pass as the basics of a person.
_FACT = re.compile(
    r"(^|_)(dgns|diag|diagnosis|dx|icd\d*|prcdr|proc_cd|procedure|hcpcs|cpt|ndc|drug|drg|cond|condition|chrnc|dsblty|disab\w*"
    r"|prgnt|pregnan\w*|hiv|mh|sud|smi|sed|ltss|lvl_care|ssi|ssdi|tanf|incm|income|race|ethnct?y|ethnicity|religion"
    r"|lang|language|sex|gndr|gender|mrtl|vet|revenue|rev|stc|srvc_plc|bnft_type|elgblty_grp|mas)(_|$)"
)
_NO_FACT = re.compile(r"prvdr|prov(ider)?(_|$)|plan|(^|_)(dt|date|amt|qty|cnt|ind_dt|seq|num|poa)(_|$)")

# Grouped by these, or restricted to one of their values, a count is that of a person.
_PERSON = re.compile(
    r"ssn|social_sec|passport|(^|_)(mbi|hicn?|hic|alien|anum|a_num|visa|sevis)(_|$)|(^|_)(msis|bene|mbr|member|person|ptnt"
    r"|patient|enrollee|elgbl|case|clm|claim|rx|mdcr|mdcd|natl)_?(ident|idnt|id|num|nbr|no|key|sk|uniq)"
    r"|(^|_)(ident|idnt|identification|id|uniq|sk)(_(num|nbr|no|id|key))?$|(^|_)(name|nm)(_|$)|(first|last|middle)_?name"
    r"|(^|_)(adr|addr|address|street|phne?|phone|tel|email|mail|fax|lat|lon|latitude|longitude|geocode)(_|$)"
)
_BIRTH = re.compile(r"(^|_)(dob|birth|brth|death|dth)(_|$)")
_NO_PERSON = re.compile(r"prvdr|prov|plan|state|(^|_)org|cnty|county|run_id|hosp|fac(ility)?_|pharmacy|drug|prod|city")

_PROGRAMS = {
    "medicare": re.compile(r"(^|_)(mdcr|medicare)(_|$)"),
    "medicaid": re.compile(r"(^|_)(mdcd|medicaid)(_|$)"),
    "chip": re.compile(r"(^|_)s?chip(_|$)"),
}
PROGRAM_NAMES = {"medicare": "Medicare", "medicaid": "Medicaid", "chip": "CHIP"}
_BOTH = re.compile(r"(^|_)(tmsis|t_msis|taf\w?\d*)(_|$)")
_HEALTH = re.compile(r"(^|_)(bene|clm|elgblty|elgbl|elg|enrlmt|enrollee|eligibility)(_|$)")
_PROVIDERS = re.compile(r"(^|_)(prvdr|prov|provider)(_|$)")
_FINDER = re.compile(r"(^|_)(finder|fndr|xref)(_|$|file)")
_WORDS = re.compile(
    r"(^|_)(ref|rfrnc|reference|lkp|lkup|lookup|codes?|code_?set|dict|dictionary|words|desc|descr|xwalk|crosswalk|calendar"
    r"|states|counties|zips?|fips)(_|$)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """What the name of a table tells."""

    programs: frozenset[str]
    national: bool
    """It holds health data of every state, as far as its name goes."""
    people: bool
    """Its rows are about enrollees, not providers."""
    finder: bool
    """A list of people somebody asked about."""
    words: bool
    """Words for codes: what codes of race, plans or counties mean."""
    both: bool
    """Medicaid and CHIP in one table, told apart by the CHIP code only."""


@lru_cache(maxsize=4096)
def column_class(name: str) -> str | None:
    """What a predicate on the column decides, or None."""
    word = normalize(name)
    return next((known for known, pattern in _CLASSES.items() if pattern.search(word)), None)


@lru_cache(maxsize=4096)
def asked_by(name: str) -> str | None:
    """What a look-up by a value of the column asks for: one `person` or family, or, with others, `name` and `birth`."""
    kind = key_kind(name)
    if kind in ("person", "family"):
        return "person"
    word = normalize(name)
    if _NO_KEY.search(word):
        return None
    return "name" if _NAME.search(word) else "birth" if _BIRTHDAY.search(word) else None


@lru_cache(maxsize=4096)
def key_kind(name: str) -> str | None:
    """Whose rows share a value of the column: `person`, `family`, `batch`, or `key` for one nobody knows; else None."""
    word = normalize(name)
    if _NO_KEY.search(word) and not _FAMILY.search(word):
        return None
    if _FAMILY.search(word):
        return "family" if _KEY.search(word) else None
    if _PERSON_KEY.search(word) and not re.search(r"(^|_)(run|fil|file|batch|line)(_|$)", word):
        return "person"
    if not _KEY.search(word) or _NAME.search(word):
        return None
    return "batch" if _BATCH.search(word) else "key"


@lru_cache(maxsize=4096)
def tells_fact(name: str) -> bool:
    """Whether a filter on the column puts something about the health or the life of everybody in the result."""
    word = normalize(name)
    return bool(_FACT.search(word)) and not _NO_FACT.search(word) and column_class(name) is None


@lru_cache(maxsize=4096)
def tells_person(name: str, *, plain: bool) -> bool:
    """Whether a value of the column is that of one person. A year of birth is not; `plain` says it is no year."""
    word = normalize(name)
    return bool(_PERSON.search(word) or (plain and _BIRTH.search(word))) and not _NO_PERSON.search(word)


@lru_cache(maxsize=4096)
def table_named(full_name: str) -> Table:
    """What the full name of a table tells."""
    word = normalize(full_name)
    last = normalize(full_name.rsplit(".", 1)[-1])
    programs = {program for program, pattern in _PROGRAMS.items() if pattern.search(word)}
    both = bool(_BOTH.search(word))
    if both:
        programs |= {"medicaid", "chip"}
    system = "information_schema" in word or "account_usage" in word
    finder = bool(_FINDER.search(last))
    national = not system and not finder and bool(programs or _HEALTH.search(word))
    if national and not programs:
        programs = {UNKNOWN}
    if system or finder:
        programs = set()
    people = national and not _PROVIDERS.search(last)
    words = not (national or finder) and bool(_WORDS.search(last))
    return Table(frozenset(programs), national, people, finder, words, both)
