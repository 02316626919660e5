"""Every page there is, as an address or as the way to it, for the tests that look at all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, Route, expect

from tests.browser.people import ask_for_move
from tests.browser.report import CHECK, SCREENS, Report, tracking_path
from webapp.services.demo import PASSWORD

Go = Callable[[Page], None]


@dataclass(frozen=True)
class Stop:
    """One page: its name, how to get there, and the statuses of answers that are errors on purpose."""

    name: str
    go: Go
    refused: frozenset[int] = frozenset()


def at(path: str, *refused: int) -> Stop:
    """Return the stop at an address."""

    def go(page: Page) -> None:
        page.goto(path)

    return Stop(path, go, frozenset(refused))


def resident_walk(page: Page) -> Iterator[str]:
    """Walk through the report and everything its reporter sees; yield the name of each screen once it is shown."""
    report = Report(page).open()
    yield "where"
    report.way("Use this phone’s position").click()
    report.says_place("ward.")
    report.shows_map()
    report.way("Postcode").click()
    report.way("Grid reference").click()
    yield "where, with everything open"
    report.go_on(SCREENS[1]).page.locator(".wb-step-next button").click()
    yield "what, nothing chosen"
    report.choose("Asbestos, or sheets that may be").go_on(SCREENS[2])
    report.choose("Road, verge, pavement or lay-by", "Yes")
    yield "about the place"
    report.go_on(SCREENS[3])
    yield "photos"
    report.go_on(SCREENS[4])
    yield "contact"
    page.get_by_label("Email address").fill("rosa at home")
    page.locator(".wb-step-next button").click()
    yield "contact with a slip"
    page.get_by_label("Email address").fill("")
    if is_asked_about_nearby(report):
        yield "nearby"
        report.go_on(CHECK)
    yield "check"
    # Past the phone's own check, as an older page would let it.
    page.locator("#capture [name=reporter_email]").evaluate("(field) => (field.value = 'rosa at home')")
    page.get_by_role("button", name="Send report").click()
    report.is_at(SCREENS[4])
    yield "contact refused"
    page.get_by_label("Email address").fill("")
    if is_asked_about_nearby(report):
        report.go_on(CHECK)
    report.send()
    yield "sent"
    path = tracking_path(page)
    page.goto(path)
    yield "track"
    page.get_by_role("button", name="Add to my report").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    yield "track refused"
    page.goto(f"{path}/withdraw")
    yield "track withdraw"


def is_asked_about_nearby(report: Report) -> bool:
    """Go on from the contact; return whether the question about reports nearby comes before the check."""
    heading = report.go_on().page.locator("form.is-ready [data-step]:visible h2")
    expect(heading).not_to_have_text(SCREENS[4])
    return heading.inner_text() != CHECK


def without_scripts(page: Page) -> None:
    """Leave the page as it is before its script runs: axe itself needs scripts, so they cannot be off."""

    def nothing(route: Route) -> None:
        route.fulfill(body="", content_type="text/javascript")

    page.route("**/js/*.js", nothing)


def _refused_report(page: Page) -> None:
    page.goto("/fly-tipping/new")
    page.evaluate("() => document.querySelector('#capture').submit()")
    # The screens are made out of the page first, and the first mistake is looked for.
    expect(page.locator("form.is-ready .govuk-error-message:not([data-local])").first).to_be_visible()


def _refused_find(page: Page) -> None:
    page.goto("/track")
    page.get_by_role("button", name="Show my report").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def _refused_sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill("nobody@demo.example")
    page.get_by_label("Password", exact=True).fill(f"not {PASSWORD}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()


# One capture in each state that stands still, as the phone's own code keeps them.
FULL_OUTBOX = """() => new Promise((done) => {
  const open = indexedDB.open('wardbook');
  open.onsuccess = () => {
    const change = open.result.transaction('captures', 'readwrite');
    const at = new Date().toISOString();
    const one = (id, state, more) => ({
      id, state, owner: null, kind: 'fly_tipping', title: 'Fly-tipping, lay-by opposite the field gate',
      photo_ids: ['p'], changed_at: at, queued_at: Date.now(), sent_at: Date.now(), is_light: true,
      content: { photos: [{ id: 'p', bytes: 700000 }] }, ...more,
    });
    const captures = change.objectStore('captures');
    captures.put(one('1', 'parked', { problem: { code: 'invalid', errors: { size: ['Choose how big it is.'] } } }));
    const clash = { code: 'clash', words: 'Both are kept: choose one.', compare_url: '/' };
    captures.put(one('2', 'parked', { problem: clash }));
    captures.put(one('3', 'queued', { next_try_at: Date.now() + 1e9, tries: 3 }));
    captures.put(one('4', 'draft'));
    const receipt = { reference: 'FT-2026-00409', status_url: '/track/x', state: 'kept' };
    captures.put(one('5', 'complete', { receipt }));
    change.oncomplete = () => { open.result.close(); done(); };
  };
})"""


def _full_outbox(page: Page) -> None:
    page.goto("/outbox")
    expect(page.get_by_role("heading", name="Outbox:")).to_be_visible()
    # Nobody answers, so that everything stays as it is.
    page.route("**/session", lambda route: route.fulfill(status=204))
    page.evaluate(FULL_OUTBOX)
    page.reload()
    expect(page.get_by_role("heading", name="3 waiting to send")).to_be_visible()


def _asked_site(page: Page) -> None:
    page.goto("/speed-watch/sites/ask")
    page.get_by_role("button", name="Ask for this site").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_label("What would help us find it?").fill("By the bus shelter")
    page.get_by_role("radio", name="I do not know").check()
    page.get_by_label("Why there?").fill("Cars race past the school")
    page.get_by_role("button", name="Ask for this site").click()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()


PUBLIC = (
    at("/"),
    at("/outbox"),
    Stop("a full outbox", _full_outbox),
    at("/no-connection"),
    at("/track"),
    Stop("track refused", _refused_find, frozenset({422})),
    at("/wards"),
    at("/wards?postcode=nowhere", 422),
    at("/wards/E05005016"),
    at("/sign-in"),
    Stop("sign-in refused", _refused_sign_in, frozenset({401, 422})),
    at("/account/reset"),
    at("/account/reset/sent"),
    at("/account/reset/no-such-link", 404),
    at("/plan/4.7"),
    at("/plan/4.2"),
    at("/plan/5.2"),
    at("/speed-watch/sites/S01/results"),
    at("/pact-areas"),
    at("/speed-watch/sites"),
    at("/speed-watch/sites/S01"),
    at("/speed-watch/sites/ask"),
    Stop("a site asked for", _asked_site, frozenset({422})),
    at("/accessibility"),
    at("/privacy"),
    at("/cookies"),
    at("/no-such-page", 404),
    at("/track/no-such-report", 404),
    Stop("report refused as a whole", _refused_report, frozenset({422})),
)


def _first_record(state: str) -> Go:
    def go(page: Page) -> None:
        page.goto(f"/records?kind=fly_tipping&state={state}")
        page.locator("tbody a").first.click()
        expect(page.get_by_role("heading", name="The report")).to_be_visible()

    return go


def _move(label: str, state: str = "clearance_ordered") -> Go:
    def go(page: Page) -> None:
        _first_record(state)(page)
        ask_for_move(page, label)

    return go


def _refused(label: str, state: str = "clearance_ordered") -> Go:
    def go(page: Page) -> None:
        _move(label, state)(page)
        page.get_by_role("button", name=label).click()
        expect(page.locator(".govuk-error-summary")).to_be_visible()

    return go


def _enforcement(*what: str) -> Go:
    def go(page: Page) -> None:
        _first_record("closed")(page)
        page.goto("/".join([page.url, "enforcement", *what]))
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _refused_enforcement(what: str) -> Go:
    def go(page: Page) -> None:
        _enforcement(what)(page)
        page.get_by_role("button", name="Write it down").click()
        expect(page.locator(".govuk-error-summary")).to_be_visible()

    return go


def _struck_out(page: Page) -> None:
    """A step that was struck out, on its record's page, beside one that stands."""
    page.goto("/enforcement?cost=none&step=warning_letter")
    page.locator("tbody th a").first.click()
    page.locator('a[href*="/strike/"]').last.click()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_label("Why should it not have been written?").fill("It went to the wrong house")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("It went to the wrong house")).to_be_visible()


def _refused_together(page: Page) -> None:
    page.goto("/worklist")
    page.get_by_role("button", name="Give to them").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def _map(page: Page) -> None:
    page.goto("/map")
    expect(page.locator(".folium-map path").first).to_be_visible()


def _ward_on_map(page: Page) -> None:
    _map(page)
    page.locator(".folium-map path").first.press("Enter")
    expect(page.locator(".leaflet-popup")).to_be_visible()


def _first_request(page: Page) -> None:
    page.goto("/requests")
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="Answer")).to_be_visible()


def _refused_request(page: Page) -> None:
    _first_request(page)
    page.get_by_role("button", name="Close it").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def _pact_area(page: Page) -> None:
    page.goto("/pact-areas")
    page.locator("tbody th a").first.click()
    page.get_by_role("button", name="Change or remove this area").click()
    expect(page.get_by_role("heading", name="Change a PACT area")).to_be_visible()


def _refused_assessment(page: Page) -> None:
    page.goto("/speed-watch/sites/S07/moves/assess")
    page.get_by_role("button", name="Enter an assessment").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def _refused_volunteer(page: Page) -> None:
    page.goto("/speed-watch/schemes/1/volunteers/new")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()


SCHEMES = (
    at("/speed-watch/schemes"),
    at("/speed-watch/schemes/1"),
    at("/speed-watch/schemes/1/volunteers/1"),
    at("/speed-watch/schemes/1/volunteers/1/contact"),
    Stop("a volunteer refused", _refused_volunteer, frozenset({422})),
    at("/speed-watch/schemes/1/devices/1"),
)
OFFICER = (
    at("/records"),
    at("/figures/speed-watch?period=2026"),
    at("/speed-watch/sessions"),
    at("/speed-watch/sites/S02/results"),
    at("/rescue"),
    at("/records?text=nothing+that+is+there"),
    Stop("an open record", _first_record("open")),
    Stop("a cleared record", _first_record("cleared")),
    at("/worklist"),
    at("/worklist?order=route"),
    at("/worklist/print"),
    Stop("many refused", _refused_together, frozenset({422})),
    Stop("looking at it", _move("Look at it", "reported")),
    Stop("looking at it refused", _refused("Look at it", "reported"), frozenset({422})),
    Stop("clearing refused", _refused("Mark cleared"), frozenset({422})),
    at("/fly-tipping/enter"),
    at("/routing?try=yes"),
    at("/figures/fly-tipping"),
    at("/figures/delays"),
    at("/figures/reporters"),
    at("/reports/waste-return"),
    at("/enforcement"),
    Stop("a record's enforcement", _enforcement()),
    Stop("a step struck out", _struck_out, frozenset({422})),
    Stop("a step refused", _refused_enforcement("steps"), frozenset({422})),
    Stop("an exhibit refused", _refused_enforcement("exhibits"), frozenset({422})),
    Stop("a look for SmartWater", _enforcement("smartwater")),
    at("/smartwater"),
    at("/eva"),
    at("/eva?year=2020&state=passes"),
    at("/requests"),
    Stop("a request", _first_request),
    Stop("a request refused", _refused_request, frozenset({422})),
    at("/requests/new"),
    at("/pact-areas/new"),
    Stop("a PACT area", _pact_area),
    at("/pact-areas/2/concerns"),
    at("/speed-watch/sites"),
    at("/speed-watch/sites/S07"),
    at("/speed-watch/sites/S01/edit"),
    Stop("an assessment refused", _refused_assessment, frozenset({422})),
    at("/speed-watch/sites/S06/moves/approve"),
    *SCHEMES,
    at("/letters"),
    at("/letters/cleared"),
    at("/to-tell"),
    Stop("the map", _map),
    Stop("a ward on the map", _ward_on_map),
    at("/wards/E05005016"),
    at("/account"),
    at("/account/password"),
)
WARDEN = (
    at("/records"),
    at("/eva"),
    at("/worklist"),
    Stop("the map", _map),
    at("/wards"),
    at("/account"),
    at("/people", 404),
)
PARTNER = (
    at("/records"),
    at("/worklist"),
    at("/figures/fly-tipping", 404),
    Stop("an open record", _first_record("")),
    Stop("the map", _map),
    at("/account"),
)
# Their own pages come with speed watch; until then they see what everybody sees, and what their account may do.
VOLUNTEER = (at("/account"), at("/wards"), at("/records", 404), at("/speed-watch/sessions?speeds=all"))
COORDINATOR = (at("/account"), at("/map", 404), *SCHEMES)
STAFF = {
    "ada": (at("/people"), at("/people/invite"), at("/people/1")),
    "carol": COORDINATOR,
    "owen": OFFICER,
    "priya": PARTNER,
    "sunita": WARDEN,
    "vic": VOLUNTEER,
}
