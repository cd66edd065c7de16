#!/usr/bin/python3
"""Asks a coverage map (IVOA MOC 2.0) of time, or of time and space, what it covers. Written from the standard; Debian's packages
python3-astropy and python3-healpy do the rest.

usage: moc.py time|space-time FILE.fits|FILE.json < PROBES
A probe is a line with MJD UTC at the telescope, and ICRS right ascension and declination in degrees. Prints a JSON list of 0 and 1.
"""
import json
import sys

import astropy.units as u
import healpy
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.io import fits
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
iers.conf.iers_degraded_accuracy = "ignore"
OVRO = EarthLocation.from_geodetic(-118.283 * u.deg, 37.2334051 * u.deg, 1188.0519 * u.m)
TIME_BIT, TIME_ORDER, SPACE_ORDER = 1 << 63, 61, 29


def from_fits(path):
    with fits.open(path) as hdus:
        hdus.verify("exception")
        header = hdus[1].header
        values = [int(value) & (2**64 - 1) for value in hdus[1].data["RANGE"]]
    assert header["MOCVERS"] == "2.0" and header["ORDERING"] == "RANGE" and header["TIMESYS"] == "TCB"
    assert header["MOCDIM"] == ("TIME" if kind == "time" else "TIME.SPACE")
    ranges = [(values[i], values[i + 1]) for i in range(0, len(values), 2)]
    if kind == "time":
        return [(ranges, None)]
    assert header["COORDSYS"] == "C" and header["MOCORD_S"] > 0
    parts = []
    for low, high in ranges:
        if low & TIME_BIT:
            if not parts or parts[-1][1]:
                parts.append(([], []))
            parts[-1][0].append((low ^ TIME_BIT, high ^ TIME_BIT))
        else:
            parts[-1][1].append((low, high))
    return parts


def expanded(orders, finest, bits):
    return [(cell << bits * (finest - int(order)), (cell + 1) << bits * (finest - int(order)))
            for order, cells in orders.items() for cell in cells]


def from_json(path):
    content = json.load(open(path))
    if kind == "time":
        return [(expanded(content, TIME_ORDER, 1), None)]
    return [(expanded(each["t"], TIME_ORDER, 1), expanded(each["s"], SPACE_ORDER, 2)) for each in content]


def inside(ranges, value):
    return any(low <= value < high for low, high in ranges)


kind, path = sys.argv[1:]
parts = (from_fits if path.endswith(".fits") else from_json)(path)
if kind == "time":
    (ranges, _), = parts
    assert all(high <= low for (_, high), (low, _) in zip(sorted(ranges), sorted(ranges)[1:])), "ranges overlap"
mjd, ra, dec = zip(*(map(float, line.split()) for line in sys.stdin))
time = Time(mjd, format="mjd", scale="utc", location=OVRO)
barycentric = (time.tdb + time.light_travel_time(SkyCoord(ra * u.deg, dec * u.deg), "barycentric")).tcb
pixels = healpy.ang2pix(2**SPACE_ORDER, ra, dec, nest=True, lonlat=True)
print(json.dumps([
    int(any(inside(times, int(microseconds)) and (spaces is None or inside(spaces, int(pixel)))
            for times, spaces in parts))
    for microseconds, pixel in zip((barycentric.jd1 * 86400 + barycentric.jd2 * 86400) * 1e6, pixels)]))
