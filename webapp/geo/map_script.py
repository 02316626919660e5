"""Pieces of script that several of our maps are made of; each stands in a template of Folium's, where `map` is known.

Words of people reach the page as text of an element, never as HTML and never as a template.
"""

# Names the map by `words.title`, credits its sources, and leaves the wheel to the page.
AS_REGION = """
            map.getContainer().setAttribute("role", "region");
            map.getContainer().setAttribute("aria-label", words.title);
            map.attributionControl.setPrefix(false);
            {%- if this.attribution %}
            map.attributionControl.addAttribution({{ this.attribution|tojson }});
            {%- endif %}

            // The wheel scrolls the page until the map is clicked, and again once the pointer has left it.
            map.on("focus click", function () { map.scrollWheelZoom.enable(); });
            map.on("blur mouseout", function () { map.scrollWheelZoom.disable(); });
"""

# `linked` returns a marker at a point: `seen` is what is drawn, `said` its words, which lead to the point's page.
LINKED_POINTS = """
            function part(className, text) {
                var element = document.createElement("span");
                element.className = className;
                element.textContent = text;
                return element;
            }
            function icon(className, seen, said) {
                var box = document.createElement("span");
                seen.setAttribute("aria-hidden", "true");
                box.append(seen, part("ward-map__unseen", said));
                return L.divIcon({ className: className, iconSize: [44, 44], html: box });
            }
            function linked(point, seen, said) {
                var marker = L.marker([point.latitude, point.longitude], {
                    icon: icon("ward-map__point", seen, said), zIndexOffset: point.is_urgent ? 1000 : 0
                });
                var link = document.createElement("a");
                link.href = point.href;
                link.textContent = said;
                // Clear of the zoom buttons, which lie over the map's upper left corner.
                marker.bindPopup(link, { autoPanPaddingTopLeft: [60, 10] });
                marker.on("keydown", function (event) {
                    if (event.originalEvent.key !== "Enter") { return; }
                    event.originalEvent.preventDefault();
                    marker.openPopup();
                    link.focus();
                });
                // Leaflet hears Escape only while the map itself has the focus.
                link.addEventListener("keydown", function (event) {
                    if (event.key !== "Escape") { return; }
                    marker.closePopup();
                    marker.getElement().focus();
                });
                return marker;
            }
"""
