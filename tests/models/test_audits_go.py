"""Going back to the revision before audits, with audits that were walked, planned and answered."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from tests.auditing import shot, walked
from tests.cast import Cast
from tests.pictures import jpeg
from tests.planning import a_line, take
from webapp.extensions import alembic, db
from webapp.services import action_links, masks, publishing, requests

BEFORE = "1795917602"


@pytest.mark.usefixtures("noon")
def test_audits_go_with_all_that_is_theirs_and_the_fly_tips_they_found_stay(app: Flask, cast: Cast) -> None:
    audit, owen = walked(app, cast), cast.person("Owen")
    seen = audit.see(
        shot(), category="fly_tipping", grade=None, severity="3", as_fly_tip="y", as_request="operation"
    )
    audit.see(category="graffiti_offensive", grade="D")
    audit.line(seen, after=jpeg())
    audit.unfold()
    area = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
    with app.app_context():
        masks.add(audit.photo_ids()[0], [area], owen)
        take(line := a_line(owen, audit.reference), "agree", owen)
        action_links.send(line, "clerk@parish.example", uuid4(), owen)
        publishing.ask_for_paper(audit.reference, owen)
        assert requests.listed(owen).total == 1
    with app.app_context():
        alembic.downgrade(BEFORE)
    with app.app_context():
        kinds = db.session.execute(text("SELECT DISTINCT kind FROM record")).scalars().all()
        assert kinds == ["fly_tipping"]
        assert db.session.execute(text("SELECT prefix FROM reference_counter")).scalars().all() == ["FT"]
        db.session.rollback()
        alembic.upgrade()
    with app.app_context():
        assert alembic.compare_metadata() == []
    assert cast.client("Owen").get("/records").status_code == 200
