"""The judge's product of matrices, where it runs: in the probe's worker, on real WebGPUs."""

from __future__ import annotations

from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.remote.webdriver import WebDriver

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
import(new URL('./shared/trusted.js', api)).then(({ ownScript }) => {
  const address = ownScript(new URL('./workers/probe.js?measuring', api));
  const worker = new Worker(address, { type: 'module' });
  worker.onmessage = ({ data }) => data.measured && done(data.measured);
  worker.onerror = ({ message }) => done({ trouble: message });
  worker.postMessage({ measure: patience });
});
"""


def test_the_product_is_right_and_tells_software_from_hardware(
    gpu_chromium: Chrome, site: Site
) -> None:
    assert_measured(gpu_chromium, site)


def assert_measured(driver: WebDriver, site: Site) -> None:
    """It is right, and slow where there is no GPU."""

    def measuring(answer: Answer) -> Answer:
        return answer.with_body(answer.body + MEASURE.encode())

    site.faults["workers/probe.js"] = measuring
    driver.get(site.url())
    found: dict[str, Any] = driver.execute_async_script(ASK, PATIENCE_MS)

    assert found["trouble"] is None
    assert found["isRight"]
    # A wrong product would be `{ trouble: 'probe-wrong' }`.
    assert found["gpu"]["gflops"] > 0
    # Without names and flags, this is what gives them away.
    assert found["gpu"]["gflops"] < found["cpu"]["gflops"]
