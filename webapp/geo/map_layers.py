"""What our ward map adds to Folium's: words and keys on the wards, and points that are fetched when wanted.

Each class renders a piece of script. Data from people reaches the page as text of an element, never as HTML.
"""

from typing import Any

from branca.element import MacroElement
from folium.features import GeoJson
from folium.template import Template


class WardWords(MacroElement):
    """Prints the counts on the wards, and makes each ward answer to click, tap, Enter and the space bar."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        (function (map, wards, words) {
            map.getContainer().setAttribute("role", "region");
            map.getContainer().setAttribute("aria-label", words.title);
            map.attributionControl.setPrefix(false);
            {%- if this.attribution %}
            map.attributionControl.addAttribution({{ this.attribution|tojson }});
            {%- endif %}

            // The wheel scrolls the page until the map is clicked, and again once the pointer has left it.
            map.on("focus click", function () { map.scrollWheelZoom.enable(); });
            map.on("blur mouseout", function () { map.scrollWheelZoom.disable(); });

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
                layer.bindPopup(content);

                var path = layer.getElement();
                path.setAttribute("tabindex", "0");
                path.setAttribute("role", "button");
                path.setAttribute("aria-label", ward.name + ": " + ward.said);
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
                text.textContent = ward.count;
                var label = L.marker(middle, {
                    icon: L.divIcon({ className: "ward-map__label", html: text, iconSize: [0, 0] }),
                    interactive: false, keyboard: false, zIndexOffset: -1000
                }).addTo(map);
                label.getElement().setAttribute("aria-hidden", "true");
                labels.push({ marker: label, text: text, count: ward.count });
            });

            // Where labels would cover each other the larger count stays; zooming in brings back the others.
            labels.sort(function (one, other) { return other.count - one.count; });
            function makeRoom() {
                var taken = [];
                labels.forEach(function (label) {
                    var box = label.text.getBoundingClientRect();
                    var isFree = taken.every(function (other) {
                        return box.right < other.left || box.left > other.right
                            || box.bottom < other.top || box.top > other.bottom;
                    });
                    if (isFree) { taken.push(box); }
                    label.marker.getElement().classList.toggle("ward-map__label--hidden", !isFree);
                });
            }
            map.on("zoomend resize", makeRoom);
            makeRoom();
        })({{ this.wards._parent.get_name() }}, {{ this.wards.get_name() }}, {{ this.words|tojson }});
        {% endmacro %}
    """)

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
                map.getContainer().classList.toggle("ward-map--close", isClose);
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
