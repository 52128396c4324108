"""What a device must offer a model, as the catalog says and as was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from model_store.demands import Demands


@dataclass(frozen=True)
class Requirements:
    """What a device must offer: free memory in MiB, WebGPU features and least limits."""

    memory_mib: int
    webgpu_features: tuple[str, ...]
    webgpu_limits: Mapping[str, int]

    def and_of(self, demands: Demands) -> Requirements:
        """These, and what the graph was found to demand: of each limit the higher one, and its
        memory, which nobody can state of a graph that is made here."""
        features = dict.fromkeys((*self.webgpu_features, *demands.features))
        limits = _higher(self.webgpu_limits, demands.limits)
        return replace(
            self,
            memory_mib=demands.memory_mib or self.memory_mib,
            webgpu_features=tuple(features),
            webgpu_limits=limits,
        )

    def and_also(self, other: Requirements) -> Requirements:
        """These, and what `other` needs of an adapter; the memory is this one's."""
        features = dict.fromkeys((*self.webgpu_features, *other.webgpu_features))
        limits = _higher(self.webgpu_limits, other.webgpu_limits)
        return replace(self, webgpu_features=tuple(features), webgpu_limits=limits)


def _higher(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in {**other, **one}}
