"""Makes the graph we ship out of the upstream one, and shows what the catalog should say of it.

python -m model_store.optimize u2netp          write it to where it lies and show what is true of it
python -m model_store.optimize u2netp --check  write nothing: is what is shipped what is made?
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import onnx

from model_store.canary import Difference, Matte, difference, draw, draw_each, mistakes, samples
from model_store.catalog import STORE, CatalogError, read
from model_store.count import count
from model_store.digest import FileDigest, file_digest
from model_store.entry import Model, ModelFile
from model_store.graph import optimize
from model_store.quantize import calibration
from model_store.sources import SourceError, fetch

# Processors differ in the last of the four decimals; a changed model differs in the first.
_AGREE = Difference(mean=1e-3, max=1e-3)
# Where floating point is rounded to whole numbers, the last bit of a sum decides between two of
# them: by 0.0003 and 0.0077 between processors with and without AVX-512, as noise of 1e-6 does.
# The same model in floating point differs by 0.010 and 0.136.
_AGREE_ROUNDED = Difference(mean=2e-3, max=0.03)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the shipped file and the catalog are what the upstream graph gives, else 1."""
    options = _options(arguments)
    try:
        return _run(options.model, options.check)
    except (CatalogError, SourceError) as error:
        return _fail(str(error))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the graph we ship out of the upstream one.")
    parser.add_argument("model", help="an id out of catalog.toml")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    return parser.parse_args(arguments)


def _run(name: str, check: bool) -> int:
    models = {model.id: model for model in read(STORE).models if model.files}
    if name not in models:
        return _fail(f"no model {name!r} comes with Mattebox; there is {', '.join(sorted(models))}")
    model = models[name]
    (file,) = model.files
    upstream = fetch(model.sources[0]).read_bytes()
    found = calibration(model.id) if model.whole_numbers else None
    made = optimize(upstream, model, whole_numbers=found)
    # What is computed in whole numbers draws upstream's matte roughly only.
    expected = draw(made if found else upstream, model)
    sys.stdout.write(
        "\n".join([*_facts(model, upstream, made, expected), *_entry(model, made, expected), ""])
    )
    if not check:
        file.path.write_bytes(made)
    complaints = list(_complaints(model, file, made, expected))
    return _fail("\n".join(complaints)) if complaints else 0


def _fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1


def _facts(model: Model, upstream: bytes, made: bytes, expected: Matte) -> Iterator[str]:
    """What a person wants to know before shipping the file: sizes, and how much the canary tells.

    Differences are those of the canary's samples from `expected`: of both graphs, and of the
    preprocessing mistakes that the tolerance has to keep out.
    """
    graphs = {"upstream": upstream, "made": made}
    for name, content in graphs.items():
        graph = onnx.load_model_from_string(content)
        yield f"# {name}: {len(content)} bytes, {len(graph.graph.node)} nodes"
    grid = model.canary.grid
    right = samples(expected, grid)
    mattes = {name: draw(content, model) for name, content in graphs.items()}
    mattes |= draw_each(made, model, mistakes(model.input))
    for name, matte in mattes.items():
        apart = difference(samples(matte, grid), right)
        passes = "passes" if apart.within(model.canary) else "refused"
        yield f"# canary, {name}: mean {apart.mean:.5f}, max {apart.max:.5f}, {passes}"


def _entry(model: Model, made: bytes, expected: Matte) -> Iterator[str]:
    """The catalog's lines about the graph, the file and its canary, ready to be copied."""
    demands = count(onnx.load_model_from_string(made))
    yield f"gflop = {demands.gflop}"
    limits = ", ".join(f"{name} = {limit}" for name, limit in demands.limits.items())
    yield f"limits = {{ {limits} }}"
    digest = _digest(made)
    yield f"bytes = {digest.bytes}"
    yield f'sha256 = "{digest.sha256}"'
    yield "segments = ["
    yield from (f'  "{segment}",' for segment in digest.segments)
    yield "]"
    grid = model.canary.grid
    values = samples(expected, grid)
    yield "samples = ["
    for start in range(0, len(values), grid):
        yield "  " + ", ".join(f"{value:.4f}" for value in values[start : start + grid]) + ","
    yield "]"


def _complaints(model: Model, file: ModelFile, made: bytes, expected: Matte) -> Iterator[str]:
    """Each way in which the store is not what was made."""
    digest = _digest(made)
    if not file.path.exists() or file_digest(file.path) != digest:
        yield f"{file.path.parent.name}/{file.name} is not what was made"
    if FileDigest(file.bytes, file.sha256, file.segments) != digest:
        yield f"catalog.toml, {file.name}: bytes, sha256 or segments are not what was made"
    apart = difference(samples(expected, model.canary.grid), model.canary.samples)
    if not samples_agree(model, apart):
        yield f"catalog.toml, {model.id}: canary samples are wrong by {apart.max:.4f}"


def samples_agree(model: Model, apart: Difference) -> bool:
    """Whether samples so far from the catalog's are the same, drawn on another processor."""
    return apart.at_most(_AGREE_ROUNDED if model.whole_numbers else _AGREE)


def _digest(content: bytes) -> FileDigest:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        path.write_bytes(content)
        return file_digest(path)


if __name__ == "__main__":
    sys.exit(main())
