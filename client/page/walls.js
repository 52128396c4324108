/**
 * Ways out that this page's policy cannot close: Chromium's WebRTC asks no `connect-src` (measured: a STUN packet left a
 * page under `connect-src 'none'`), and `webrtc 'block'` is not known to it. The page has no use for them.
 */
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'WebTransport']) {
  Reflect.deleteProperty(globalThis, name);
}
