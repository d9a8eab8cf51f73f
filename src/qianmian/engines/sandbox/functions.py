"""Which functions, operators and types a person's SQL may use; whatever is not here is refused.

What is here reads nothing but its arguments, gives the same for the same rows, and makes one value of a size that its
arguments bound. Whoever adds one answers for that.
"""

from __future__ import annotations

from collections.abc import Mapping

#: What it is for → names as DuckDB's parser spells them; an operator is a function too.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "numbers": tuple(
        "+ - * / // % ** ^ abs ceil ceiling floor round round_even trunc sign sqrt cbrt exp ln log log2 log10 "
        "pow power mod greatest least isnan isfinite isinf pi radians degrees sin cos tan asin acos atan "
        "atan2".split()
    ),
    "choices": ("nullif", "if"),
    "text": tuple(
        "|| ~~ !~~ ~~* !~~* ~~~ ^@ like_escape not_like_escape ilike_escape not_ilike_escape concat concat_ws "
        "lower lcase upper ucase length len char_length character_length strlen left right substring substr "
        "trim ltrim rtrim replace translate reverse starts_with ends_with prefix suffix contains instr strpos "
        "position ascii ord chr strip_accents nfc_normalize split_part regexp_matches regexp_full_match "
        "regexp_extract regexp_replace".split()
    ),
    "JSON": ("->>", "json_extract_string", "json_value", "json_exists", "json_array_length", "json_valid", "json_type"),
    "dates": tuple(
        "date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add year quarter "
        "month week day hour minute second weekday dayofweek isodow dayofyear weekofyear isoyear yearweek "
        "last_day dayname monthname epoch epoch_ms to_timestamp make_date make_timestamp strftime strptime "
        "try_strptime timezone time_bucket to_years to_months to_weeks to_days to_hours to_minutes to_seconds "
        "to_milliseconds".split()
    ),
    "aggregates": tuple(
        "count count_star count_if countif sum fsum kahan_sum sumkahan avg mean favg min max median mad "
        "quantile_cont quantile_disc stddev stddev_pop stddev_samp variance var_pop var_samp bool_and bool_or "
        "arg_max arg_min argmax argmin max_by min_by corr covar_pop covar_samp regr_slope regr_intercept "
        "regr_r2 skewness kurtosis entropy".split()
    ),
    "windows": tuple(
        "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value".split()
    ),
}
FUNCTIONS = frozenset(name for names in ALLOWED.values() for name in names)
#: Without an order they take rows as these happen to lie.
NEEDS_ORDER = frozenset("row_number ntile lag lead first_value last_value nth_value".split())
#: Another value on every run, or of the session: refused with a word on why.
UNREPEATABLE = frozenset(
    "random setseed uuid gen_random_uuid uuidv4 uuidv7 now today age ago transaction_timestamp get_current_timestamp "
    "get_current_time current_date current_time current_timestamp current_localtime current_localtimestamp localtime "
    "localtimestamp nextval currval".split()
)
#: Of these, what is written without parentheses, like a column.
CLOCK_WORDS = frozenset(name for name in UNREPEATABLE if name.startswith(("current_", "local")))
#: What DuckDB reads as a word of the session though it is written as a column.
SESSION_WORDS = frozenset(
    "current_catalog current_connection_id current_database current_query current_query_id current_role current_schema "
    "current_schemas current_transaction_id current_user session_user user rowid".split()
)
#: What a value may be cast to, in every spelling.
TYPES = frozenset(
    "bool boolean logical tinyint int1 smallint int2 short int16 integer int4 int signed int32 bigint int8 "
    "long int64 hugeint int128 utinyint usmallint uinteger ubigint float float4 real double float8 decimal "
    "numeric dec varchar text string char bpchar nvarchar date time timestamp datetime timestamptz interval".split()
) | {"timestamp with time zone", "double precision", "timestamp_s", "timestamp_ms", "timestamp_us"}
