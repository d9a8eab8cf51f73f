"""Which forms of SQL a person may use: kinds of node in DuckDB's syntax tree, each with the fields that it may have.

Whatever is not here is refused: a node, a field, or a word of a field. A new version of DuckDB that has more to say is
refused in what is new, until somebody has looked at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: On every node, and of no meaning here.
PLACE = frozenset({"class", "type", "query_location", "query_location_length"})


@dataclass(frozen=True)
class Form:
    """A kind of node that is allowed.

    Attributes:
        inner: fields that hold nodes, or lists of them.
        plain: fields that hold words, whatever they are.
        words: fields that hold words → which words they may be.
    """

    inner: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)


def _form(inner: str = "", plain: str = "", **words: str) -> Form:
    return Form(
        frozenset(inner.split()),
        frozenset(plain.split()),
        {name: frozenset(each.split()) for name, each in words.items()},
    )


_COMPARISONS = (
    "COMPARE_EQUAL COMPARE_NOTEQUAL COMPARE_LESSTHAN COMPARE_GREATERTHAN COMPARE_LESSTHANOREQUALTO "
    "COMPARE_GREATERTHANOREQUALTO COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM"
)
_OPERATORS = (
    "COMPARE_IN COMPARE_NOT_IN OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_NULLIF "
    "OPERATOR_TRY"
)
#: How a name is said to be of a schema; the check refuses every path of more than one name.
_PATH = "qualified_name schema schema_name catalog catalog_name"
#: (class or nothing, type) → form. Expressions have a class; queries, relations and modifiers have none.
FORMS: Mapping[tuple[str, str], Form] = {
    ("", "SELECT_NODE"): _form(
        "modifiers select_list from_table where_clause group_expressions having qualify",
        "group_sets cte_map",
        aggregate_handling="STANDARD_HANDLING FORCE_AGGREGATES",
    ),
    ("", "SET_OPERATION_NODE"): _form("modifiers children", "setop_all cte_map", setop_type="UNION EXCEPT INTERSECT"),
    ("", "ORDER_MODIFIER"): _form("orders"),
    ("", "LIMIT_MODIFIER"): _form("limit offset"),
    ("", "DISTINCT_MODIFIER"): _form("distinct_on_targets"),
    **{("", way): _form("expression", "null_order") for way in ("ORDER_DEFAULT", "ASCENDING", "DESCENDING")},
    ("", "EMPTY"): _form(),
    ("", "BASE_TABLE"): _form("", f"alias column_name_alias table_name {_PATH}"),
    ("", "SUBQUERY"): _form("subquery", "alias column_name_alias"),
    ("", "EXPRESSION_LIST"): _form("values", "alias column_name_alias expected_names"),
    ("", "JOIN"): _form(
        "left right condition",
        "alias using_columns is_implicit",
        join_type="INNER LEFT RIGHT OUTER FULL SEMI ANTI",
        ref_type="REGULAR CROSS",
    ),
    ("COLUMN_REF", "COLUMN_REF"): _form("", "alias column_names"),
    ("CONSTANT", "VALUE_CONSTANT"): _form("", "alias literal value"),
    ("STAR", "STAR"): _form("", "alias relation_name exclude_list"),
    ("FUNCTION", "FUNCTION"): _form("arguments filter order_bys", f"alias function_name {_PATH} is_operator distinct"),
    **{
        ("WINDOW", f"WINDOW_{name}"): _form(
            "arguments partitions orders arg_orders filter_expr start_expr end_expr",
            f"alias function_name {_PATH} start end exclude_clause ignore_nulls has_ignore_nulls distinct",
        )
        for name in (
            "AGGREGATE ROW_NUMBER RANK RANK_DENSE DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD "
            "FIRST_VALUE LAST_VALUE NTH_VALUE".split()
        )
    },
    ("CASE", "CASE_EXPR"): _form("case_checks else_expr", "alias"),
    ("CAST", "OPERATOR_CAST"): _form("child type_expr", "alias try_cast"),
    ("TYPE", "TYPE"): _form("children", f"type_name {_PATH}"),
    ("BETWEEN", "COMPARE_BETWEEN"): _form("input lower upper", "alias"),
    **{("CONJUNCTION", f"CONJUNCTION_{way}"): _form("children", "alias") for way in ("AND", "OR")},
    **{("COMPARISON", name): _form("left right", "alias") for name in _COMPARISONS.split()},
    **{("OPERATOR", name): _form("children", "alias") for name in _OPERATORS.split()},
    ("SUBQUERY", "SUBQUERY"): _form(
        "subquery child",
        "alias",
        subquery_type="SCALAR EXISTS NOT_EXISTS ANY",
        comparison_type=f"INVALID {_COMPARISONS}",
    ),
}
#: What has neither class nor type is known by the field in which it stands.
PARTS: Mapping[str, Form] = {
    "case_checks": _form("when_expr then_expr"),
    "arguments": _form("expression"),
    "subquery": _form("node"),
}
