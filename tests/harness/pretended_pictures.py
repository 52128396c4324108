"""A generator that is only pretended: what the page makes of one, without a model."""

from __future__ import annotations

import json
from typing import Any

from tests.harness.site import Site

ID, TITLE = "pretended", "Pretended"

PARTS: list[dict[str, Any]] = [
    {"role": "text-encoder", "bytes": 681_000_000, "have": 0, "isStored": False},
    {"role": "unet", "bytes": 1_730_000_000, "have": 400_000_000, "isStored": False},
    {"role": "vae-decoder", "bytes": 99_000_000, "have": 0, "isStored": False},
    {"role": "tokenizer", "bytes": 2_200_000, "have": 2_200_000, "isStored": True},
]

OFFER: dict[str, Any] = {
    "id": ID,
    "title": TITLE,
    "licence": {
        "spdx": "LicenseRef-pretended",
        "title": "Pretended Licence",
        "isRestricted": True,
        "url": "licence.txt",
    },
    "canStart": True,
    "parts": PARTS,
    "bytes": sum(part["bytes"] - part["have"] for part in PARTS),
    "why": None,
}

#: Each seed has a colour of its own, and each prompt. `globalThis.PRETENDED` says how it goes.
_MODULE = """
import { MatteboxError } from '../shared/errors.js';
const OFFER = %s;
let isHere = false;
export async function offeredGenerator({ isStarting } = {}) {
  const whole = (part) => ({ ...part, have: part.bytes, isStored: true });
  const known = isHere ? OFFER.parts.map(whole) : OFFER.parts;
  const encoder = { role: 'vae-encoder', bytes: 68400000, have: 0, isStored: false };
  const more = isStarting && !hasStarted ? encoder.bytes : 0;
  const parts = more ? [...known, encoder] : known;
  return { ...OFFER, parts, bytes: (isHere ? 0 : OFFER.bytes) + more };
}
let hasStarted = false;
export async function generatePicture({ prompt, seed, start, signal, onProgress }) {
  (globalThis.asked ??= []).push([prompt, seed]);
  if (start) (globalThis.starts ??= []).push(start);
  hasStarted ||= Boolean(start);
  onProgress({ stage: 'preparing', part: 'unet' });
  if (globalThis.PRETENDED?.waits) {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
  isHere = true;
  if (globalThis.PRETENDED?.fails === seed) {
    throw new MatteboxError(globalThis.PRETENDED.code, { model: OFFER.id, part: 'unet' });
  }
  onProgress({ stage: 'running', part: 'unet', step: 1, of: 1 });
  const canvas = new OffscreenCanvas(64, 64);
  const context = canvas.getContext('2d');
  context.fillStyle = `rgb(${40 * seed}, ${prompt.length %% 256}, 120)`;
  context.fillRect(0, 0, 64, 64);
  context.fillStyle = '#ffffff40';
  context.fillRect(0, 40, 64, 24);
  return { picture: await canvas.convertToBlob(), report: { model: { id: OFFER.id }, notes: [] } };
}
"""


def pretend(site: Site, **offer: Any) -> None:
    """Have pages of this site, which has some generator, believe that it is this one, with that
    `offer`."""
    module = (_MODULE % json.dumps(OFFER | offer)).encode()
    site.faults["engine/generate.js"] = lambda answer: (
        answer.without("Cache-Control").with_header("Cache-Control", "no-store").with_body(module)
    )
