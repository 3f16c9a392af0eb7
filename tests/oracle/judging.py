"""The ranking without what rests on judgement: the measures that read judged sources leave their share to their siblings."""

from __future__ import annotations

import ast
from decimal import Decimal

from tests.oracle.arithmetic import rounded
from tests.oracle.edition import ROOT, Edition
from tests.oracle.ranking import Ranked
from tests.oracle.scoring import NINE, Scored


def judged(edition: Edition) -> frozenset[str]:
    """The measures that read an input of a source that rests on judgement."""
    sources = (edition.rules.get("judged") or {}).get("sources", [])
    inputs = {code for code, said in edition.rules.get("inputs", {}).items() if said["source"] in sources}
    return frozenset(measure.code for measure in edition.measures if inputs & (_read(measure.rules["value"])
                     | _read(measure.rules.get("applies_when", "1"))))  # fmt: skip


def _read(expression: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(str(expression).strip(), mode="eval")) if isinstance(node, ast.Name)}


def unjudged(edition: Edition, listed: dict[str, Ranked], scores: Scored | None) -> dict[str, tuple[Decimal | None, int | None]]:
    """Entity → total and rank without judgement; a total that a veto fixes stands, no tie is set apart. No `scores`: not asked for."""
    found = dict[str, tuple[Decimal | None, int | None]]()
    basis = dict[str, Decimal]()
    for code, row in listed.items():
        root = scores.nodes.get((code, ROOT)) if scores else None
        if root is None or row.state in {"failed", "screened_out"}:
            found[code] = (None, None)
            continue
        exact, total = (row.exact, row.total) if row.is_fixed else (root.exact, root.score)
        found[code] = (total, None)
        on = (None if exact is None else rounded(exact, NINE)) if edition.rules.get("rank_on") == "exact" else total
        if row.state == "ranked" and on is not None:
            basis[code] = on if (edition.rules.get("rank") or {}).get("order") == "lowest_first" else -on
    for code, own in basis.items():
        ahead = sum(listed[other].entity.group == listed[code].entity.group and on < own for other, on in basis.items())
        found[code] = (found[code][0], 1 + ahead)
    return found
