#!/usr/bin/python3
"""Asks a cone search as an astronomer's program does: pyvo, and astropy with its strictest reading of VOTables.

usage: clients.py CONE_URL RA DEC SR      Debian: python3-pyvo, python3-astropy
Prints JSON: how many rows, their columns and the time scale; and the message of a request that is refused.
"""
import io
import json
import sys
import urllib.request

import astropy.units as u
import pyvo
from astropy.coordinates import SkyCoord
from astropy.io.votable import parse

url, ra, dec, radius = sys.argv[1], *map(float, sys.argv[2:])
service = pyvo.dal.SCSService(url)
found = service.search(pos=SkyCoord(ra * u.deg, dec * u.deg), radius=radius * u.deg)


def strictly(query):
    with urllib.request.urlopen(url + query) as answer:
        return answer.headers["content-type"], parse(io.BytesIO(answer.read()), verify="exception")


content_type, votable = strictly(f"RA={ra}&DEC={dec}&SR={radius}&VERB=3")
table = votable.get_first_table()
_, empty = strictly(f"RA={ra}&DEC={dec}&SR=0")
try:
    service.search(pos=(ra, dec), radius=radius, t_min="yesterday")
    refusal = None
except pyvo.DALServiceError as error:
    refusal = str(error)
except pyvo.DALQueryError as error:
    refusal = str(error)
print(json.dumps({
    "content_type": content_type,
    "rows": len(found),
    "ids": [str(each) for each in found.getcolumn("obs_id")],
    "ra_unit": str(found.getdesc("s_ra").unit),
    "ucds": {field.name: field.ucd for field in table.fields},
    "timesys": [each.timescale for each in votable.iter_timesys()],
    "empty": [len(empty.get_first_table().array), [field.name for field in empty.get_first_table().fields]],
    "refusal": refusal,
}))
