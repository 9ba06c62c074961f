"""The server's log says who asked for what, and nothing of what they wrote."""

import httpx
from tests.contract.calls import generate, result, upload, with_photos
from tests.support.server import Server


def test_log_keeps_secrets(server: Server, http: httpx.Client, trained: str) -> None:
    prompt = "in a zebra-striped coat"
    body = {"modelID": trained, "prompt": prompt, "width": 64, "height": 64, "steps": 1}
    picture = generate(http, body)["images"][0]
    model_id = with_photos(http, 1, name="Wilhelmina", ethnicity="martian")
    photo = result(upload(http, model_id, name="holiday-at-home.jpg"))
    for url in (picture["url"], photo["url"], photo["url"] + "0"):
        httpx.get(url)
    httpx.get(f"{server.api}/ping", headers={"Authorization": "Bearer lk_wrong-key"})
    http.get("/jobs", params={"start": "query-text"})
    http.post("/models", content=b'{"name": "broken-json', headers={"X-Header": "header-text"})
    http.get("/models/%0A%1B[31mforged")

    log = server.log.read_text()

    lines = log.splitlines()
    assert any(" POST /api/images/generation 200 " in line for line in lines)
    assert any(f" GET /files/{photo['id']}.jpg 404 " in line for line in lines)
    assert any(" GET /api/ping 401 " in line and line.endswith("account=-") for line in lines)
    signatures = [url.partition("sig=")[2] for url in (picture["url"], photo["url"])]
    for secret in (server.key, "lk_wrong", *signatures, "sig=", "Bearer"):
        assert secret not in log
    for words in ("zebra", "Wilhelmina", "martian", "holiday", "query-text", "header-text"):
        assert words not in log
    assert "broken-json" not in log
    assert "\x1b[31m" not in log
    assert "Traceback" not in log
