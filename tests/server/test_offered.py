"""What a site gives, as it says itself."""

from flask import Flask

from server.offered import PREFIX, catalog_of, models_of


def test_files_of_every_task_are_given() -> None:
    app = Flask(__name__)
    app.extensions[PREFIX] = "/tools"
    shared, own = {"url": "models/b/shared.onnx"}, {"url": "models/a/own.onnx"}
    catalog = {
        "models": [{"files": [shared]}, {"files": [shared]}],
        "pipelines": [{"files": [own, shared]}],
    }
    app.add_url_rule("/tools/catalog.json", view_func=lambda: catalog)
    assert catalog_of(app) == catalog
    assert models_of(app) == ["models/a/own.onnx", "models/b/shared.onnx"]
