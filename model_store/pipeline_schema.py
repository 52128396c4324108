"""The schema of a model of several graphs: what it says of each, and what its task asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from model_store.entry import ModelFile
from model_store.pipeline import Check, Graph, Picture, Samples, Tensor
from model_store.table import Table
from model_store.tasks import TASKS, Task

DTYPES = ("float32", "float16", "int32", "int64")
_SAMPLE_MOST = 1e30
_SAMPLES = 64
"""Values taken of each output, or all where it has fewer."""


def read_graphs(table: Table, task: str) -> dict[str, Any]:
    """`graphs` and `rules` of the entry `table`, whose task is one of TASKS."""
    known = TASKS[task]
    graphs = tuple(_graph(item, known) for item in table.tables("graphs"))
    roles = [graph.role for graph in graphs]
    wanted = [role for role in known.takes if role in roles or role not in known.optional]
    if roles != wanted and all(roles):
        table.report("graphs", f"one each of {', '.join(wanted)}, in this order", roles)
    rules = table.table(task)
    found = known.rules(rules)
    for role, rule in known.optional.items():
        if (role in roles) != (rule in found):
            rules.report(rule, f"a table where there is a graph {role!r}, and no other", roles)
    rules.finish()
    return {"graphs": graphs, "rules": found}


def _graph(table: Table, task: Task) -> Graph:
    role = table.choice("role", tuple(task.takes))
    graph = Graph(
        role=role,
        inputs=tuple(
            _tensor(item, task.takes.get(role, ()), takes=True) for item in table.tables("inputs")
        ),
        outputs=tuple(
            _tensor(item, task.gives.get(role, ()), takes=False) for item in table.tables("outputs")
        ),
        check=_check(table.table("canary"), task),
        most=_most(table),
    )
    names = Counter(tensor.name for tensor in (*graph.inputs, *graph.outputs))
    if twice := [name for name, count in names.items() if name and count > 1]:
        table.report("inputs", "each name once", twice[0])
    taken = {name for one in graph.inputs for name in one.shape if isinstance(name, str)}
    if role and set(graph.most) != taken:
        table.report("most", f"a number for each of {sorted(taken)}", sorted(graph.most))
    table.finish()
    return graph


def _tensor(table: Table, uses: Sequence[str], *, takes: bool) -> Tensor:
    use = table.choice("use", uses)
    tensor = Tensor(
        name=table.text("name"),
        use=use,
        dtype=table.choice("dtype", DTYPES),
        shape=table.dimensions("shape"),
        picture=_picture(table) if takes and use == "pixels" else None,
    )
    table.finish()
    return tensor


def _picture(table: Table) -> Picture:
    return Picture(
        scale=table.number("scale", 0, 1e6),
        mean=table.numbers("mean", 3, -1e6, 1e6),
        std=table.numbers("std", 3, 1e-6, 1e6),
        layout=table.choice("layout", ("NCHW", "HWC")),
    )


def _most(table: Table) -> Mapping[str, int]:
    if not table.has("most"):
        return {}
    most = table.table("most")
    found = most.integers(tuple(most.content))
    most.finish()
    return found


def _check(table: Table, task: Task) -> Check:
    tolerance = table.table("tolerance")
    check = Check(
        recipe=table.choice("recipe", task.recipes),
        seed=table.integer("seed", 0, 2**32 - 1),
        tolerance_mean=tolerance.number("mean", 0, 1),
        tolerance_max=tolerance.number("max", 0, 1),
        samples=read_samples(table.table("samples")) if table.has("samples") else {},
    )
    tolerance.finish()
    table.finish()
    return check


def read_samples(table: Table) -> Samples:
    """Samples by the names of the outputs. Problems go to the table's list."""
    found = {}
    for name, values in table.content.items():
        count = len(values) if isinstance(values, list) else _SAMPLES
        if not 0 < count <= _SAMPLES:
            table.report(name, f"at most {_SAMPLES} numbers", f"nothing but {count}")
        found[name] = table.numbers(name, count, -_SAMPLE_MOST, _SAMPLE_MOST)
    table.finish()
    return found


def report_files(
    table: Table, files: Sequence[ModelFile], graphs: Sequence[Graph], task: str
) -> None:
    """Note where `files` are not those that the graphs of a pipeline need."""
    counts = Counter(file.role for file in files)
    owned = [graph.role for graph in graphs]
    if missing := [role for role in owned if counts[role] != 1]:
        table.report("files", f"one file whose role is {missing[0]!r}", counts[missing[0]])
    if lacking := [role for role in TASKS[task].besides if not counts[role]]:
        table.report("files", f"files whose role is {lacking[0]!r}", "nothing")
    owners = [file.name for file in files if file.role in owned]
    for file in files:
        if file.role == "external-data" and not any(map(file.name.startswith, owners)):
            table.report("files", "weights called after their graph", file.name)
