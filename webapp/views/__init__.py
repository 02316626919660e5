"""What the browser asks for: permission, form, one service, answer."""

from flask import Flask
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from webapp.views import (
    access,
    account,
    actions,
    answers,
    assets,
    board,
    capture_api,
    captures,
    cookies,
    enforcement,
    errors,
    eva,
    exports,
    feedback,
    figures,
    health,
    letters,
    limits,
    masks,
    moves,
    observations,
    outbox,
    pact_areas,
    pages,
    people,
    photos,
    places,
    plans,
    police_exports,
    programme,
    publishing,
    records,
    requests,
    rescue,
    retention,
    routing,
    schemes,
    sign_in,
    speed_checks,
    speed_figures,
    speed_rows,
    speed_sites,
    speed_watch,
    telling,
    track,
    uploads,
    versions,
    wards,
    waste_return,
    words,
    worklist,
)
from webapp.views import map as ward_map

ROOMS = (
    pages,
    worklist,
    figures,
    captures,
    capture_api,
    outbox,
    track,
    places,
    wards,
    records,
    exports,
    moves,
    routing,
    enforcement,
    programme,
    eva,
    observations,
    publishing,
    requests,
    pact_areas,
    plans,
    board,
    actions,
    answers,
    speed_figures,
    speed_sites,
    schemes,
    speed_watch,
    speed_rows,
    speed_checks,
    police_exports,
    feedback,
    telling,
    letters,
    rescue,
    retention,
    ward_map,
    waste_return,
    photos,
    masks,
    versions,
    people,
    account,
    health,
)


def init_app(app: Flask) -> None:
    """Bind every page, the words templates use, and the guard that asks for each route's permission."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([PackageLoader("webapp"), components])
    app.request_class = uploads.FormRequest
    for room in ROOMS:
        app.register_blueprint(room.pages)
    cookies.init_app(app)
    assets.init_app(app)
    words.init_app(app)
    limits.init_app(app)
    sign_in.init_app(app)
    errors.init_app(app)
    access.init_app(app)
