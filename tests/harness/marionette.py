"""Firefox without geckodriver: Selenium's commands over the protocol that geckodriver speaks.

Marionette is built into Firefox. It takes one connection, on which every message is a length in
decimal, a colon, and JSON: `[0, id, name, parameters]` one way, `[1, id, error, result]` the other.
https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command

NAMES = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.QUIT: "Marionette:Quit",
    Command.GET: "WebDriver:Navigate",
    Command.REFRESH: "WebDriver:Refresh",
    Command.GET_CURRENT_URL: "WebDriver:GetCurrentURL",
    Command.GET_TITLE: "WebDriver:GetTitle",
    Command.SET_TIMEOUTS: "WebDriver:SetTimeouts",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "WebDriver:ExecuteAsyncScript",
    Command.FIND_ELEMENT: "WebDriver:FindElement",
    Command.FIND_ELEMENTS: "WebDriver:FindElements",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.SEND_KEYS_TO_ELEMENT: "WebDriver:ElementSendKeys",
    Command.GET_ELEMENT_RECT: "WebDriver:GetElementRect",
    Command.GET_ELEMENT_TEXT: "WebDriver:GetElementText",
    Command.W3C_ACTIONS: "WebDriver:PerformActions",
    Command.W3C_CLEAR_ACTIONS: "WebDriver:ReleaseActions",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
}


class Marionette:
    """What Selenium's WebDriver takes for its connection to a driver."""

    def __init__(self, profile: Path) -> None:
        """Connect to the Firefox that was started with `profile` and its `marionette.port` at 0."""
        self.client_config = ClientConfig(remote_server_addr="marionette")
        self._socket = _connected(profile / "MarionetteActivePort")
        self._reader = self._socket.makefile("rb")
        self._count = 0
        greeting = self._message()
        if greeting["marionetteProtocol"] != 3:
            raise RuntimeError(f"this Firefox speaks another protocol: {greeting}")

    def execute(self, command: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The answer to one of Selenium's commands, as Selenium wants it."""
        told = {key: value for key, value in parameters.items() if key != "sessionId"}
        if command == Command.NEW_SESSION:
            told = told["capabilities"]["alwaysMatch"]
        elif command == Command.QUIT:
            told = {"flags": ["eForceQuit"]}
        self._count += 1
        self._send([0, self._count, NAMES[command], told])
        _, number, error, result = self._message()
        if number != self._count:
            raise RuntimeError(f"an answer to command {number}, not to {self._count}")
        if error:
            return {"status": error["error"], "value": error}
        whole = isinstance(result, dict) and set(result) == {"value"}
        return {"value": result["value"] if whole else result}

    def close(self) -> None:
        """Firefox takes another connection afterwards."""
        self._reader.close()
        self._socket.close()

    def _send(self, message: list[Any]) -> None:
        data = json.dumps(message).encode()
        self._socket.settimeout(self.client_config.timeout)
        self._socket.sendall(b"%d:%s" % (len(data), data))

    def _message(self) -> Any:
        length = b""
        while (digit := self._reader.read(1)) != b":":
            if not digit:
                raise ConnectionError("Firefox has closed the connection")
            length += digit
        return json.loads(self._reader.read(int(length)))


def _connected(port_file: Path, patience: float = 60) -> socket.socket:
    """Firefox writes its port down when it listens. Raises TimeoutError when it does not."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if port_file.exists() and (port := port_file.read_text()):
            return socket.create_connection(("127.0.0.1", int(port)), timeout=patience)
        time.sleep(0.05)
    raise TimeoutError(f"Firefox did not listen within {patience} s")
