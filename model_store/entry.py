"""The facts of a catalog entry as values. See catalog.toml for what each field means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean, median
from typing import Any, Literal

from model_store.demands import Demands
from model_store.requirements import Requirements
from model_store.source import Source

Shape = tuple[int, int, int, int]
Rgb = tuple[float, float, float]
Role = Literal["detail", "presence"]
DIMENSIONS = ("height", "width")
"""What the dimensions are called that a graph of several sizes leaves open."""


@dataclass(frozen=True)
class ModelFile:
    """One file of a model. `path` is where its bytes lie on this machine."""

    role: str
    name: str
    path: Path
    bytes: int
    sha256: str
    segments: tuple[str, ...]

    def as_public(self) -> dict[str, Any]:
        """The file as /catalog.json shows it, before the server adds `url` and `download`."""
        return {
            "role": self.role,
            "name": self.name,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "segments": list(self.segments),
        }


@dataclass(frozen=True)
class ModelInput:
    """How 8-bit RGB becomes the input tensor: (pixel / scale - mean) / std, per channel.

    `scale` is a number, or "max" for the largest value found in the resized image.
    """

    name: str
    shape: Shape
    layout: Literal["NCHW"]
    dtype: Literal["float32"]
    resize: Literal["lanczos3"]
    scale: Literal["max"] | float
    mean: Rgb
    std: Rgb


@dataclass(frozen=True)
class ModelOutput:
    """How the output tensor becomes a matte in 0..1.

    `range`: "logits" go through a sigmoid first. `normalise`: "minmax" stretches the result so
    that its least value is 0 and its greatest 1, unless no value reaches 0.5: then nothing stands
    out in the picture.
    """

    name: str
    shape: Shape
    dtype: Literal["float32"]
    range: Literal["logits", "probability"]
    normalise: Literal["none", "minmax"]


@dataclass(frozen=True)
class Canary:
    """A synthetic input (recipe and seed) and the matte the upstream graph gives for it.

    `samples` holds grid x grid matte values in 0..1, row by row. A device passes when the mean
    and the largest absolute difference stay within `tolerance_mean` and `tolerance_max`.
    """

    recipe: Literal["blocks-v1"]
    seed: int
    grid: int
    samples: tuple[float, ...]
    tolerance_mean: float
    tolerance_max: float

    @property
    def tells(self) -> bool:
        """Whether a device that draws one value everywhere, whatever it is, fails. Of samples."""
        low, high = min(self.samples), max(self.samples)
        if high - low > 2 * self.tolerance_max:
            return True
        # The nearest to all samples of those values that are near enough to each.
        value = min(max(median(self.samples), high - self.tolerance_max), low + self.tolerance_max)
        return fmean(abs(sample - value) for sample in self.samples) > self.tolerance_mean


@dataclass(frozen=True)
class Install:
    """How a model that does not come with Mattebox is made out of its upstream file.

    `optimise`: "none" ships the graph as it is but for its interface; "trim" drops what the one
    output does not need and folds shapes, which changes no value, and computes the attention of
    few to many, of models of several graphs, in fewer products; "fp16" also stores kernels in
    half the bytes; "int8" also computes the costliest convolutions in 8-bit whole numbers, of
    ranges in the file of the model's id in ranges/: its matte is near upstream's only.
    """

    optimise: Literal["none", "trim", "fp16", "int8"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is true of a model of any task.

    `install` is None for a model that comes with Mattebox. Any other has `files` once it is
    installed and none before.
    """

    id: str
    title: str
    summary: str
    tier: Literal["instant", "fast", "best"]
    task: str
    licence: str
    origin: str
    backends: tuple[str, ...]
    files: tuple[ModelFile, ...]
    requirements: Requirements
    sources: tuple[Source, ...]
    install: Install | None = None

    @property
    def bytes(self) -> int:
        """The sum over the model's files."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, kw_only=True)
class Model(Entry):
    """A model that draws mattes.

    Before it is installed the names of `input` and `output` may be empty (its graph says them)
    and `canary.samples` is. `gflop`: as in Demands; None while nobody has counted. `dimensions`:
    values for the dimensions that its graph leaves open, by name. `sizes`: the sides besides its
    own of the squares that the one graph is to be run at; `others`: this model at each that it can
    be run at, once it is installed. `whole_numbers`: its costliest convolutions are computed in
    8-bit ones. `is_alone`: it is offered by itself; any other is a part of composites only.
    """

    input: ModelInput
    output: ModelOutput
    canary: Canary
    gflop: float | None
    dimensions: Mapping[str, int] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()

    others: tuple[Model, ...] = ()
    whole_numbers: bool = False
    is_alone: bool = True

    @property
    def gflop_int8(self) -> float:
        """What of `gflop` is of a graph whose costliest convolutions are in whole numbers."""
        return (self.gflop or 0) if self.whole_numbers else 0

    @property
    def side(self) -> int:
        """The height of its input, which is the width where there are several sizes."""
        return self.input.shape[2]

    def at(self, side: int) -> Model | None:
        """This model run at `side` x `side`, if it can be."""
        return next((one for one in (self, *self.others) if one.side == side), None)

    def with_size(self, side: int) -> Model:
        """This model with an input of `side` x `side`, its graph's answers not yet known."""
        return replace(
            self,
            input=replace(self.input, shape=(*self.input.shape[:2], side, side)),
            output=replace(self.output, shape=(*self.output.shape[:2], side, side)),
            canary=replace(self.canary, samples=()),
            gflop=None,
            # What the catalog says of an adapter is of the own size.
            requirements=replace(self.requirements, webgpu_limits={}),
            dimensions=dict.fromkeys(DIMENSIONS, side),
            sizes=(),
            others=(),
        )

    def with_demands(self, demands: Demands) -> Model:
        """This model, its graph having been counted: products of whole numbers and operators
        without a GPU kernel keep it off GPUs, and what WebAssembly cannot hold off processors. It
        may be left without any backend.
        """
        wanted = self.backends if demands.allows("webgpu") else ("wasm",)
        backends = tuple(name for name in wanted if demands.allows(name))
        requirements = self.requirements.and_of(demands)
        return replace(self, gflop=demands.gflop, backends=backends, requirements=requirements)

    def with_samples(self, samples: tuple[float, ...]) -> Model:
        """This model, its canary having been drawn."""
        return replace(self, canary=replace(self.canary, samples=samples))

    def where_noticed(self) -> Model:
        """This model, kept off GPUs where its canary would not notice one that draws nothing."""
        if self.canary.tells:
            return self
        return replace(self, backends=tuple(name for name in self.backends if name != "webgpu"))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Itself: what is offered is made of parts, a plain model of one."""
        return (Part("detail", self),)

    @property
    def fusion(self) -> None:
        """Nothing is to be fused."""


@dataclass(frozen=True)
class Part:
    """One graph of what is offered, as it is run there, and what its matte is for.

    `role`: "detail" draws the matte; "presence" says where the subject is.
    """

    role: Role
    model: Model


@dataclass(frozen=True)
class Fusion:
    """How the mattes of the parts become one.

    "presence": both at the size of detail's; where they differ by more than `threshold`, the
    greater one of detail and the mean of both, elsewhere detail.
    """

    rule: Literal["presence"]
    threshold: float
