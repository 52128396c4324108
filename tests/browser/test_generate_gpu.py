"""Pictures from words on a GPU, which a processor plays.

SwiftShader has no halves, so the twin is one that computes in floats.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import Chrome

from tests.browser.test_generate import PROMPT, apart
from tests.harness.driving import PageError, call, forget_everything
from tests.harness.site import Answer
from tests.harness.store_site import serving_store
from tests.harness.waiting import WebDriverWait
from tests.rehearsal.sd_store import rehearse

#: A processor takes longer to compile shaders than a driver waits for a script.
MAKE = """
const [wanted] = arguments;
const read = (blob) => new Promise((good) => {
  const reader = new FileReader();
  reader.onload = () => good(reader.result.split(',')[1]);
  reader.readAsDataURL(blob);
});
import(new URL('api.js', document.baseURI).href)
  .then(({ generatePicture }) => generatePicture(wanted))
  .then(async ({ picture, report }) => ({ picture: await read(picture), report }))
  .catch(({ code, details }) => ({ error: `${code} ${JSON.stringify(details)}` }))
  .then((made) => { globalThis.made = made; });
"""


def on_any_gpu(answer: Answer) -> Answer:
    """Whoever runs a model on a GPU that is none has to insist; for pictures nobody can."""
    wished = answer.body.replace(b"backend: 'auto'", b"backend: 'webgpu'")
    assert wished != answer.body
    return answer.with_body(wished)


@pytest.mark.timeout(480)
def test_a_gpu_makes_the_reference_s_picture(gpu_chromium: Chrome, tmp_path: Path) -> None:
    rehearsal = rehearse(tmp_path, "singles", backends=["webgpu"])
    rehearsal.pull()
    with serving_store(rehearsal.root) as site:
        # What is no GPU is refused, with its name, and nothing is fetched for it.
        gpu_chromium.get(site.url())
        why = call(gpu_chromium, "offeredGenerator")["why"]
        assert why["code"] == "fallback-adapter"
        assert why["detail"] == {"name": "SwiftShader", "part": "text-encoder"}
        with pytest.raises(PageError) as caught:
            call(gpu_chromium, "generate", {"prompt": PROMPT, "seed": 42})
        assert caught.value.code == "gpu-unavailable"
        assert not [path for path in site.requests if path.endswith(".onnx")]

        site.standing["engine/generator.js"] = on_any_gpu
        forget_everything(gpu_chromium, site)
        gpu_chromium.execute_script(MAKE, {"prompt": PROMPT, "seed": 42})
        made = WebDriverWait(gpu_chromium, 360, 0.5).until(
            lambda page: page.execute_script("return globalThis.made")
        )
        assert "error" not in made, made
        report = made["report"]
        image = np.asarray(Image.open(io.BytesIO(base64.b64decode(made["picture"]))).convert("RGB"))
        assert (report["backend"], report["model"]["id"]) == ("webgpu", "twin")
        assert [one["outcome"] for one in report["attempts"]] == ["ran"]
        assert apart(rehearsal, PROMPT, 42, image, where="software GPU") <= 1
