#!/usr/bin/python3
"""Pointing values at the edges of what the monitor accepts, by astropy.

usage: pointing.py finals2000A.all > pointing.tsv

Edges: the first dates, days with a leap second and the second itself, the ends of the Earth orientation table, the
last dates, the poles, the hour angle's wrap, far longitudes, a direction near the Sun, and each frame.

Columns: kind; frame and equinox_year (sidereal); jd_day + jd_fraction, the UTC Julian Date (ERFA's on a day with a leap
second); the site, WGS84; lon_deg and lat_deg, hour angle and apparent declination or longitude and latitude in the
frame. Then the values, degrees and days: apparent sidereal time, apparent right ascension (sidereal time less hour
angle), ICRS without refraction.
"""
import astropy.units as u
from astropy.coordinates import FK5, GCRS, ICRS, EarthLocation, HADec, SkyCoord
from astropy.time import Time

from reference import argument, print_head, use_earth_orientation

COLUMNS = ("kind frame equinox_year jd_day jd_fraction latitude_deg longitude_deg altitude_m lon_deg lat_deg "
           "mjd lst_deg ha_deg ra_deg dec_deg ra_icrs_deg dec_icrs_deg").split()

# (JD day, fraction), UTC
TIMES = [
    (2447892, 0.5 + 1e-6),  # 1990-01-01, 0.09 s into it
    (2448256, 0.75),  # 1990-12-31, a leap second at its end
    (2453736, 0.4999),  # 2005-12-31
    (2457754, 0.25),  # 2016-12-31
    (2457754, 0.499999),  # 2016-12-31T23:59:60.9, in the leap second
    (2457754, 0.5),  # 2017-01-01
    (2457754, 0.50002),
    (2460954, -0.365),  # 2025-10-03, the fraction negative
    (2461266, 0.25),  # the last measured day
    (2461610, 0.9),  # predicted
    (2461639, 0.4999),  # 2027-08-20, just before the last day of the table
    (2461639, 0.5001),  # just after
    (2466154, 0.123456789),  # 2040
    (2488434, 0.4),  # 2100-12-31
]
SITES = [
    (37.2334051, -118.283, 1188.0519),  # OVRO
    (-30.721526120689315, 21.428303826863015, 1051.69),  # HERA
    (51.5, 179.99, 0.0),
    (-16.8, -179.99, 3.0),
    (0.0, 0.0, 5000.0),
    (88.0, 241.716593, 10.0),  # longitude from 0 to 360
]
HADEC = [(0, 54.57), (-1.75, 16.24), (179, 89.9), (-179, -89.9), (-179.999, -30), (180, 10), (6.5, 0), (90, 37), (0, 90)]
SIDEREAL = [
    ("icrs", 2000.0, 202.784533, 30.509155),
    ("icrs", 2000.0, 0.0001, -89.9),
    ("icrs", 2000.0, 359.9999, 89.9),
    ("icrs", 2000.0, -10.5, 0.0),
    ("icrs", 2000.0, 189.0, -3.4),  # a degree or two from the Sun in early October
    ("fk5", 2000.0, 202.784533, 30.509155),
    ("fk5", 1950.0, 83.6, 22.0),
    ("fk5", 2025.5, 299.9, -70.7),
    ("gcrs", 2000.0, 202.784533, 30.509155),
    ("gcrs", 2000.0, 10.0, -80.0),
]


def sidereal_frame(name, equinox_year, time):
    if name == "fk5":
        return FK5(equinox=Time(equinox_year, format="jyear", scale="tt"))
    return {"icrs": ICRS(), "gcrs": GCRS(obstime=time)}[name]


def values(kind, frame, equinox_year, time, location, lon_deg, lat_deg):
    observed = HADec(obstime=time, location=location)
    if kind == "sidereal":
        icrs = SkyCoord(lon_deg * u.deg, lat_deg * u.deg, frame=sidereal_frame(frame, equinox_year, time)).icrs
        place = icrs.transform_to(observed)
        ha_deg, dec_deg = place.ha.wrap_at(180 * u.deg).deg, place.dec.deg
    else:
        ha_deg, dec_deg = lon_deg, lat_deg
        icrs = SkyCoord(ha=ha_deg * u.deg, dec=dec_deg * u.deg, frame=observed).icrs
    lst_deg = time.sidereal_time("apparent", longitude=location.lon).deg
    return lst_deg, ha_deg, (lst_deg - ha_deg) % 360, dec_deg, icrs.ra.deg, icrs.dec.deg


def main():
    print_head("pointing.py", use_earth_orientation(argument("pointing.py finals2000A.all")), COLUMNS)
    cases = [("hadec", "icrs", 2000.0, *direction) for direction in HADEC]
    cases += [("sidereal", *direction) for direction in SIDEREAL]
    for i, (day, fraction) in enumerate(TIMES):
        time = Time(day, fraction, format="jd", scale="utc")
        for j, (kind, frame, equinox_year, lon_deg, lat_deg) in enumerate(cases):
            latitude, longitude, altitude = SITES[(i + j) % len(SITES)]
            location = EarthLocation.from_geodetic(longitude * u.deg, latitude * u.deg, altitude * u.m)
            row = values(kind, frame, equinox_year, time, location, lon_deg, lat_deg)
            given = [kind, frame, *(repr(float(x)) for x in (equinox_year, day, fraction, latitude, longitude, altitude,
                                                             lon_deg, lat_deg))]
            print("\t".join([*given, f"{(day - 2400000.5) + fraction:.10f}", *(f"{x:.10f}" for x in row)]))


main()
