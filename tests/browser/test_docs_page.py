"""The documentation page in a real browser, without the internet."""

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tests.support.server import Server

pytestmark = pytest.mark.browser


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
