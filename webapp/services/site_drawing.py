"""Speed-watch sites drawn on the wards: the same that stand in the list beside the map."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flask import current_app

from webapp.models.speed_site import SpeedSite
from webapp.rules.codes.speed_watch import SITE_STATUSES
from webapp.rules.speed_figures import RESULTS, result
from webapp.services import wards
from webapp.services.speed_figures import Figures

if TYPE_CHECKING:
    from webapp.geo.maps import MapParts

LIMIT_MARK = "The number in a shape: the limit in mph."
SHARE_MARK = (
    "The number in a shape: of all vehicles counted in the last 12 months, how many in a hundred were at or above the"
    " speed from which they are recorded."
)


def drawn(
    sites: Sequence[SpeedSite],
    address: Callable[[str], str],
    results: Mapping[str, Figures] | None,
    *,
    styles: Sequence[str],
    scripts: Sequence[str],
    nonce: str,
) -> "MapParts":
    """Return the map of these sites; one without a point stands in the list only.

    `address` is a page's by its code. With `results`, by code, a shape shows what was found and not the site's state.
    """
    # What draws maps takes 55 MB, which the worker and whatever web process draws none need not hold.
    from webapp.geo import maps, site_maps

    ward_set = wards.in_use()
    return site_maps.site_map(
        ward_set.shapes,
        [
            site_maps.SitePoint(
                one.latitude,
                one.longitude,
                *_shown(one, results),
                address(one.code),
            )
            for one in sites
            if one.latitude is not None and one.longitude is not None
        ],
        labels={code.value: code.label for code in (SITE_STATUSES if results is None else RESULTS)},
        mark_words=LIMIT_MARK if results is None else SHARE_MARK,
        attribution=" ".join(filter(None, (current_app.config["TILE_ATTRIBUTION"], ward_set.attribution))),
        assets=maps.MapAssets(css=tuple(styles), js=tuple(scripts)),
        nonce=nonce,
        tile_url=current_app.config["TILE_URL"] or None,
    )


def _shown(site: SpeedSite, results: Mapping[str, Figures] | None) -> tuple[str, str, str]:
    """Return what a site's shape is, what stands in it, and its words."""
    if results is None:
        return site.status, str(site.limit_mph or "?"), words_of(site)
    found = results.get(site.code)
    share = found.at_threshold if found else None
    if share is None or share.whole == 0:
        return "not_known", "–", f"{words_of(site)}, share not known"
    mark = f"{share.part * 100 // share.whole}%"
    return (
        result(share.part, share.whole),
        mark,
        f"{words_of(site)}, {share.words}, {share.part} of {share.whole} counted",
    )


def words_of(site: SpeedSite) -> str:
    """Return what a site is, in a line."""
    limit = f"{site.limit_mph} mph" if site.limit_mph else "limit not known"
    return f"{site.name} ({site.code}), {limit}: {SITE_STATUSES.label(site.status).lower()}"
