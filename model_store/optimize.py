"""Makes the graph we ship out of the upstream one, and shows what the catalog should say of it.

python -m model_store.optimize u2netp          write it to weights/ and show what is true of it
python -m model_store.optimize u2netp --check  write nothing: is what is shipped what is made?
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx

from model_store.canary import difference, draw, samples
from model_store.catalog import STORE, CatalogError, read
from model_store.digest import FileDigest, file_digest
from model_store.entry import Model, ModelFile
from model_store.graph import largest_tensor, optimize
from model_store.sources import SourceError, fetch


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the shipped file and the catalog are what the upstream graph gives, else 1."""
    options = _options(arguments)
    try:
        return _run(options.model, options.check)
    except (CatalogError, SourceError) as error:
        print(error, file=sys.stderr)
        return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the graph we ship out of the upstream one.")
    parser.add_argument("model", help="an id out of catalog.toml")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    return parser.parse_args(arguments)


def _run(name: str, check: bool) -> int:
    models = {model.id: model for model in read(STORE).models}
    if name not in models:
        print(f"no model {name!r}; there is {', '.join(sorted(models))}", file=sys.stderr)
        return 1
    model = models[name]
    upstream = fetch(model.sources[0]).read_bytes()
    made = optimize(upstream, model)
    (file,) = model.files
    digest = _digest(made)
    expected = samples(draw(upstream, model), model.canary.grid)
    _show(model, upstream, made, digest, expected)
    if not check:
        file.path.write_bytes(made)
    return 1 if _complain(model, file, digest, expected) else 0


def _digest(content: bytes) -> FileDigest:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        path.write_bytes(content)
        return file_digest(path)


def _show(
    model: Model, upstream: bytes, made: bytes, digest: FileDigest, expected: tuple[float, ...]
) -> None:
    """Print the facts in the catalog's own words, ready to be copied."""
    before, after = onnx.load_model_from_string(upstream), onnx.load_model_from_string(made)
    apart = difference(draw(upstream, model), draw(made, model))
    print(f"upstream  {len(upstream)} bytes, {len(before.graph.node)} nodes")
    print(f"made      {len(made)} bytes, {len(after.graph.node)} nodes")
    print(
        f"canary    differs from upstream by {apart.mean:.2e} on average, {apart.max:.2e} at most"
    )
    print(f"largest   value between two nodes: {largest_tensor(after)} bytes\n")
    print(f"bytes = {digest.bytes}")
    print(f'sha256 = "{digest.sha256}"')
    print("segments = [\n" + "".join(f'  "{each}",\n' for each in digest.segments) + "]")
    print("samples = [")
    for start in range(0, len(expected), model.canary.grid):
        row = expected[start : start + model.canary.grid]
        print("  " + ", ".join(f"{value:.4f}" for value in row) + ",")
    print("]")


def _complain(
    model: Model, file: ModelFile, digest: FileDigest, expected: tuple[float, ...]
) -> bool:
    """Print each way in which the store differs from what was made; whether there is any."""
    shipped = file_digest(file.path) if file.path.exists() else None
    catalog = FileDigest(file.bytes, file.sha256, file.segments)
    found = {
        f"weights/{file.name} is not what was made": shipped != digest,
        f"catalog.toml, {file.name}: bytes, sha256 or segments differ": catalog != digest,
        # The last digit may fall either way on another processor.
        f"catalog.toml, {model.id}: canary samples differ": difference(
            expected, model.canary.samples
        ).max
        > 1e-3,
    }
    for complaint in (text for text, true in found.items() if true):
        print(complaint, file=sys.stderr)
    return any(found.values())


if __name__ == "__main__":
    sys.exit(main())
