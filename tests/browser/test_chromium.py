"""A browser that answers no more is ended and replaced: no test waits for it for ever."""

import os
import signal

from playwright.sync_api import Playwright

from tests.browser.chromium import Chromium, processes_with


def test_a_browser_that_never_says_that_a_context_is_gone_is_replaced(playwright: Playwright):
    chromium = Chromium(playwright, given_up_after_s=2)
    with chromium.context() as context:
        context.new_page()
        stuck = processes_with(chromium.mark)
        for pid in stuck:
            os.kill(pid, signal.SIGSTOP)
    with chromium.context() as context:
        assert context.new_page().evaluate("() => 1 + 1") == 2
        assert not set(processes_with(chromium.mark)) & set(stuck)
    chromium.end()
    assert processes_with(chromium.mark) == []
