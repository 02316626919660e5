"""What our ward map adds to Folium's: words and keys on the wards, and points that are fetched when wanted.

Each class renders a piece of script. Data from people reaches the page as text of an element, never as HTML.
"""

from typing import Any

from branca.element import MacroElement
from folium.features import GeoJson
from folium.template import Template

from webapp.geo.map_script import AS_REGION


class WardWords(MacroElement):
    """Prints the counts on the wards, and makes each ward answer to click, tap, Enter and the space bar."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map, wards, words) {"""
        + AS_REGION
        + """
            var labels = [];
            wards.eachLayer(function (layer) {
                var ward = layer.feature.properties;
                var said = document.createElement("p");
                said.textContent = ward.said;
                var link = document.createElement("a");
                link.href = ward.href;
                link.textContent = ward.name;
                var content = document.createElement("div");
                content.append(link, said);
                var middle = L.latLng(ward.middle);
                // Clear of the zoom buttons, which lie over the map's upper left corner.
                layer.bindPopup(content, { autoPanPaddingTopLeft: [60, 10] });

                var path = layer.getElement();
                path.setAttribute("tabindex", "0");
                path.setAttribute("role", "button");
                path.setAttribute("aria-label", ward.name + ": " + ward.said
                    + (ward.is_priority ? ", " + words.priority : ""));
                // The neighbours are drawn over a ward's own edge, so its focus is drawn over all of them.
                // To move the ward itself to the front would change the order of the tab key.
                var ring = L.layerGroup(["ward-map__ring-outer", "ward-map__ring-inner"].map(function (name) {
                    return L.geoJSON(layer.feature, {
                        interactive: false, style: { className: name, fill: false }
                    });
                }));
                path.addEventListener("focus", function () { ring.addTo(map); });
                path.addEventListener("blur", function () { ring.remove(); });
                layer.on("mouseover", function () { ring.addTo(map); });
                layer.on("mouseout", function () { ring.remove(); });
                path.addEventListener("keydown", function (event) {
                    if (event.key !== "Enter" && event.key !== " ") { return; }
                    event.preventDefault();
                    layer.openPopup(middle);
                    link.focus();
                });
                // Leaflet hears Escape only while the map itself has the focus.
                content.addEventListener("keydown", function (event) {
                    if (event.key !== "Escape") { return; }
                    layer.closePopup();
                    path.focus();
                });

                if (ward.count === null) { return; }
                var text = document.createElement("span");
                var name = document.createElement("b");
                name.className = "ward-map__name";
                name.textContent = ward.name + " ";
                text.append(name, ward.count);
                text.classList.toggle("ward-map__priority", ward.is_priority);
                var label = L.marker(middle, {
                    icon: L.divIcon({ className: "ward-map__label", html: text, iconSize: [0, 0] }),
                    interactive: false, keyboard: false, zIndexOffset: -1000
                }).addTo(map);
                label.getElement().setAttribute("aria-hidden", "true");
                var line = L.polyline([middle, middle], { interactive: false, className: "ward-map__line" });
                var foot = L.circleMarker(middle, {
                    interactive: false, className: "ward-map__foot", radius: 4
                });
                var lead = L.layerGroup([line, foot]);
                labels.push({ middle: middle, text: text, line: line, lead: lead, count: ward.count });
            });

            // Where labels would cover each other the larger count stays on its ward; the others stand at the
            // nearest free place, with a line from a dot in the ward they belong to.
            var STEP = 12, RINGS = 10, AROUND = 16, GAP = 1;
            var places = [[0, 0]];
            for (var ringNumber = 2; ringNumber <= RINGS; ringNumber += 1) {
                for (var turn = 0; turn < AROUND; turn += 1) {
                    var angle = turn * 2 * Math.PI / AROUND;
                    places.push([ringNumber * STEP * Math.cos(angle), ringNumber * STEP * Math.sin(angle)]);
                }
            }
            labels.sort(function (one, other) { return other.count - one.count; });
            function isFree(box, place, taken) {
                return taken.every(function (other) {
                    return box.right + place[0] + GAP < other.left || box.left + place[0] - GAP > other.right
                        || box.bottom + place[1] + GAP < other.top || box.top + place[1] - GAP > other.bottom;
                });
            }
            function makeRoom() {
                var taken = [map.zoomControl.getContainer().getBoundingClientRect()];
                labels.forEach(function (label) {
                    label.text.style.left = label.text.style.top = "0";
                    var box = label.text.getBoundingClientRect();
                    var place = places.find(function (one) { return isFree(box, one, taken); }) || places[0];
                    taken.push(new DOMRect(box.x + place[0], box.y + place[1], box.width, box.height));
                    label.text.style.left = place[0] + "px";
                    label.text.style.top = place[1] + "px";
                    label.lead.remove();
                    if (place === places[0]) { return; }
                    var end = map.latLngToLayerPoint(label.middle).add(place);
                    label.line.setLatLngs([label.middle, map.layerPointToLatLng(end)]);
                    label.lead.addTo(map);
                });
            }
            var farZoom = map.getZoom();
            map.on("zoomend", function () {
                map.getContainer().classList.toggle("ward-map--close", map.getZoom() > farZoom + 1);
            });
            map.on("zoomend resize", makeRoom);
            makeRoom();
        })({{ this.wards._parent.get_name() }}, {{ this.wards.get_name() }}, {{ this.words|tojson }});
        {% endmacro %}
    """
    )

    def __init__(self, wards: GeoJson, words: dict[str, Any], attribution: str) -> None:
        """Take the layer of wards, the words of `MapLabels`, and the attribution as safe HTML."""
        super().__init__()
        self._name = "WardWords"
        self.wards = wards
        self.words = words
        self.attribution = attribution


class FetchedPoints(MacroElement):
    """Shows each report, clustered, once the map is closer than the whole district.

    Far out the counts on the wards say it better, and a district of 100,000 points need not be sent at all.
    The points come from an address that answers `{"points": [[latitude, longitude, address, words], …]}`.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
        (function (map, url, words) {
            var status = document.querySelector("[data-ward-map-status]");
            var farZoom = map.getZoom();
            var asked = false;

            function withUnseen(visible, text) {
                var unseen = document.createElement("span");
                unseen.className = "ward-map__unseen";
                unseen.textContent = text;
                var box = document.createElement("span");
                box.append(visible, unseen);
                return box;
            }
            function part(className, text) {
                var element = document.createElement("span");
                element.className = className;
                element.textContent = text;
                return element;
            }
            var clusters = L.markerClusterGroup({
                animate: false, chunkedLoading: true, showCoverageOnHover: false, maxClusterRadius: 50,
                iconCreateFunction: function (cluster) {
                    var number = cluster.getChildCount();
                    return L.divIcon({
                        className: "ward-map__cluster", iconSize: [44, 44],
                        html: withUnseen(part("ward-map__number", number), " " + words.many_here)
                    });
                }
            });
            function markerOf(row) {
                var marker = L.marker([row[0], row[1]], {
                    icon: L.divIcon({
                        className: "ward-map__point", iconSize: [44, 44],
                        html: withUnseen(part("ward-map__dot", ""), row[3])
                    })
                });
                // Only an address of this site may become a link, whatever the answer says.
                var isOurs = typeof row[2] === "string" && /^\\/(?!\\/)/.test(row[2]);
                var content = document.createElement(isOurs ? "a" : "p");
                content.textContent = row[3];
                if (isOurs) { content.href = row[2]; }
                marker.bindPopup(content);
                marker.on("keydown", function (event) {
                    if (event.originalEvent.key !== "Enter") { return; }
                    event.originalEvent.preventDefault();
                    marker.openPopup();
                    content.focus();
                });
                return marker;
            }
            function load() {
                asked = true;
                fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } })
                    .then(function (response) {
                        if (!response.ok) { throw new Error("HTTP " + response.status); }
                        return response.json();
                    })
                    .then(function (answer) {
                        clusters.addLayers(answer.points.map(markerOf));
                        status.textContent = "";
                    })
                    .catch(function () {
                        asked = false;
                        status.textContent = words.points_failed;
                    });
            }
            map.on("zoomend", function () {
                var isClose = map.getZoom() > farZoom;
                if (isClose && !asked) { load(); }
                if (isClose && !map.hasLayer(clusters)) { map.addLayer(clusters); }
                if (!isClose && map.hasLayer(clusters)) { map.removeLayer(clusters); }
            });
        })({{ this._parent.get_name() }}, {{ this.url|tojson }}, {{ this.words|tojson }});
        {% endmacro %}
    """)

    def __init__(self, url: str, words: dict[str, Any]) -> None:
        """Take the address that answers with the points, and the words of `MapLabels`."""
        super().__init__()
        self._name = "FetchedPoints"
        self.url = url
        self.words = words
