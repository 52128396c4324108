"""The judge's product of matrices, where it runs: in the probe's worker, on real WebGPUs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.test_firefox import WEBGPU
from tests.harness import browsers
from tests.harness.site import Answer, Site

#: Neither is a GPU, so the product itself never asks them; nor do they need to be quick here.
PATIENCE_MS = 100_000

MEASURE = """
addEventListener('message', async ({ data }) => {
  if (!data.measure) return;
  const { lookForAdapter } = await import('../gpu/probe.js');
  const { measureGpu } = await import('../gpu/matmul-gpu.js');
  const { cpuProduct, measureCpu } = await import('../gpu/matmul-cpu.js');
  const { isProduct, matrices } = await import('../gpu/matmul.js');
  const { adapter, trouble } = await lookForAdapter();
  const { multiply, product } = cpuProduct();
  multiply();
  postMessage({ measured: {
    trouble, gpu: await measureGpu(adapter, { patienceMs: data.measure }),
    cpu: measureCpu(), isRight: isProduct(matrices(), product()),
  } });
});
"""

ASK = """
const [patience, done] = arguments;
const api = new URL(document.querySelector('script[type=module]').src);
const worker = new Worker(new URL('./workers/probe.js?measuring', api), { type: 'module' });
worker.onmessage = ({ data }) => data.measured && done(data.measured);
worker.onerror = ({ message }) => done({ trouble: message });
worker.postMessage({ measure: patience });
"""


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    if request.param == "Chromium with SwiftShader":
        yield request.getfixturevalue("gpu_chromium")
        return
    request.getfixturevalue("firefox_is_here")
    request.getfixturevalue("lavapipe_is_here")
    with browsers.firefox(**WEBGPU) as driver:
        yield driver


@pytest.mark.parametrize(
    "browser", ["Chromium with SwiftShader", "Firefox with lavapipe"], indirect=True
)
def test_the_product_is_right_and_tells_software_from_hardware(
    browser: WebDriver, site: Site
) -> None:
    def measuring(answer: Answer) -> Answer:
        return answer.with_body(answer.body + MEASURE.encode())

    site.faults["workers/probe.js"] = measuring
    browser.get(site.url())
    found: dict[str, Any] = browser.execute_async_script(ASK, PATIENCE_MS)

    assert found["trouble"] is None
    assert found["isRight"]
    # A wrong product would be `{ trouble: 'probe-wrong' }`.
    assert found["gpu"]["gflops"] > 0
    # Without names and flags, this is what gives them away.
    assert found["gpu"]["gflops"] < found["cpu"]["gflops"]
