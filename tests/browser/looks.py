"""What is looked for on a page as it stands: axe's faults, small text and targets, a page wider than its screen."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.browser.pages import Stop
from tests.browser.people import sign_in
from tests.browser.server import ROOT
from tests.browser.watch import Watch

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 844}
NARROWEST: ViewportSize = {"width": 320, "height": 700}
LEAST_TEXT_PX = 16
LEAST_TARGET_PX = 44

BROKEN_RULES = """async () => {
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await axe.run(document, { runOnly });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html)}`);
}"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL_TEXT = """(least) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < least) found.add(`${element.className}: ${node.data.trim()}`);
  }
  return [...found];
}"""
# A link within a sentence is as high as its line; every other target is as large as a thumb. Where the words stay
# small, what is hit may be the empty box that the style sheet lays over them.
SMALL_TARGETS = """(least) => {
  const standing = 'button, .govuk-button, input:not([type=hidden]), select, textarea, summary, nav a, footer a,'
    + 'header a, td a, th a, li a:only-child, .govuk-error-summary a, .wb-reach';
  const size = (element, side) => {
    const laid = getComputedStyle(element, '::after');
    const over = laid.position === 'absolute' ? parseFloat(laid[side]) : 0;
    return Math.max(element.getBoundingClientRect()[side], over);
  };
  const isAlone = (element) => !element.matches('li a') || element.closest('header, footer, nav, .govuk-error-summary')
    || element.parentElement.innerText.trim() === element.innerText.trim();
  return [...document.querySelectorAll(standing)].filter((element) => {
    if (!element.checkVisibility({ opacityProperty: false }) || !isAlone(element)) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && Math.min(size(element, 'width'), size(element, 'height')) < least - 0.5;
  }).map((element) => `${element.outerHTML.slice(0, 120)} ${Math.round(element.getBoundingClientRect().height)}`);
}"""


# A map draws itself anew some moments after the window changed: what axe looks at must not go away under it.
SETTLED = """() => new Promise((done) => {
  let timer = null;
  const wait = () => { clearTimeout(timer); timer = setTimeout(finish, 150); };
  const watcher = new MutationObserver(wait);
  const finish = () => { watcher.disconnect(); clearTimeout(last); done(); };
  const last = setTimeout(finish, 3000);
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
  wait();
})"""


def somebody(open_context: Callable[..., BrowserContext], name: str, **options: object) -> Page:
    """Open a page, with axe in it, on which one of the demo's people is signed in."""
    context = open_context(**options)
    context.add_init_script(AXE)
    page = context.new_page()
    sign_in(page, name)
    return page


def faults(page: Page, name: str, width: int) -> list[str]:
    """Return what is wrong with the page as it stands."""
    page.evaluate(SETTLED)
    found = [f"{name} at {width}: {fault}" for fault in page.evaluate(BROKEN_RULES)]
    found += [f"{name} at {width}: small text {text}" for text in page.evaluate(SMALL_TEXT, LEAST_TEXT_PX)]
    if page.evaluate(WIDER):
        found.append(f"{name} at {width}: wider than the screen")
    return found


def look(page: Page, name: str) -> list[str]:
    """Return the faults at a desk, on a phone with the targets that a thumb would miss, and on the narrowest phone.

    The page is left as wide as a phone, which is how the walks go on. Nobody judges a page before its style sheet came.
    """
    page.wait_for_load_state()
    page.set_viewport_size(DESK)
    found = faults(page, name, DESK["width"])
    page.set_viewport_size(NARROWEST)
    if page.evaluate(WIDER):
        found.append(f"{name} at {NARROWEST['width']}: wider than the screen")
    page.set_viewport_size(PHONE)
    found += faults(page, name, PHONE["width"])
    return found + [f"{name}: target {target}" for target in page.evaluate(SMALL_TARGETS, LEAST_TARGET_PX)]


def look_on_the_way(page: Page, names: Iterable[str]) -> list[str]:
    """Return the faults of each page that a walk stops at."""
    return [fault for name in names for fault in look(page, name)]


def visits(page: Page, stops: Sequence[Stop], watch: Watch) -> Iterator[str]:
    """Go to these pages; yield the name of each once it is shown."""
    for stop in stops:
        watch.allowed_statuses = set(stop.refused)
        stop.go(page)
        yield stop.name


def nothing_in(found: list[str]) -> None:
    """Fail with every fault that was found."""
    assert not found, "\n".join(found)
