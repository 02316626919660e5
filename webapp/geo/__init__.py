"""WHERE: wards, boundaries, grid references, postcodes, distances and maps. No Flask, no database.

Arguments of this room come latitude first; only geometries, as everywhere in geography, hold longitude first.
"""
