"""The two sides of the search figure: the function under scope, and its condition with a plain WHERE."""

_WORDS = "anlan_fold(number || ' ' || place || ' ' || description || ' ' || search)"
OURS = (
    "SELECT id, number, place FROM hazards_hazard WHERE id = ANY(ARRAY(SELECT found FROM"
    " anlan_hazard_search(%(terms)s, %(wanted)s, %(filters)s::jsonb, false, NULL, NULL, false, 51, true)))"
    " ORDER BY found_at DESC, id DESC LIMIT 50"
)
REFERENCE = (
    "SELECT id, number, place FROM hazards_hazard WHERE region >= %(low)s AND region < %(high)s AND industry_bit = ANY(%(bits)s)"
    " AND anlan_hazard_words(number, place, description, search) @> %(terms)s"
    f" AND NOT EXISTS (SELECT 1 FROM unnest(%(wanted)s::text[]) AS word WHERE strpos({_WORDS}, word) = 0)"
    " ORDER BY found_at DESC, id DESC LIMIT 50"
)
