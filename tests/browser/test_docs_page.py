"""The documentation page in a real browser, without the internet."""

import shutil
from collections.abc import Generator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.support.server import Server

pytestmark = pytest.mark.browser

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1600",
    # Every host but this machine is out of reach: what the page needs must come from us.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="module")
def browser() -> Generator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = shutil.which("chromedriver")
    assert driver, "chromedriver is missing: apt-get install chromium chromium-driver"
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield browser
    browser.quit()


def test_it_lists_the_endpoints_and_calls_one(browser: webdriver.Chrome, server: Server) -> None:
    browser.get(f"{server.api}/docs")
    wait = WebDriverWait(browser, 30)
    wait.until(lambda it: it.find_elements(By.ID, "operations-Models-listModels"))
    shown = browser.find_element(By.TAG_NAME, "body").text
    for path in ("/api/ping", "/api/models", "/api/images/upload", "/api/images/generation"):
        assert path in shown

    browser.find_element(By.CSS_SELECTOR, ".authorize").click()
    field = wait.until(lambda it: it.find_element(By.CSS_SELECTOR, ".modal-ux input"))
    field.send_keys(server.key)
    browser.find_element(By.CSS_SELECTOR, ".modal-ux button.authorize").click()
    browser.find_element(By.CSS_SELECTOR, ".modal-ux button.btn-done").click()
    browser.find_element(By.CSS_SELECTOR, "#operations-Health-ping .opblock-summary").click()
    wait.until(lambda it: it.find_element(By.CSS_SELECTOR, ".try-out__btn")).click()
    wait.until(lambda it: it.find_element(By.CSS_SELECTOR, "button.execute")).click()
    wait.until(lambda it: "pong!" in it.find_element(By.CSS_SELECTOR, ".live-responses-table").text)

    errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert errors == []
