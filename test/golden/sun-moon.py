#!/usr/bin/python3
"""Where OVRO sees the Sun and the Moon at 40 dates, by astropy with its built-in ephemeris.

usage: sun-moon.py finals2000A.all > sun-moon.tsv

Columns: body; mjd, UTC; ra_icrs_deg and dec_icrs_deg, the direction from the site among the stars: the body as it was when its
light left it, less the site, both relative to the barycentre; elevation_deg, astropy's AltAz without refraction.
"""
import astropy.units as u
import numpy as np
from astropy.constants import c
from astropy.coordinates import AltAz, CartesianRepresentation, EarthLocation, SkyCoord, get_body, get_body_barycentric
from astropy.time import Time

from reference import argument, print_head, use_earth_orientation

OVRO = EarthLocation.from_geodetic(-118.283 * u.deg, 37.2334051 * u.deg, 1188.0519 * u.m)


def direction(body, time):
    site = get_body_barycentric("earth", time) + CartesianRepresentation(OVRO.get_gcrs_posvel(time)[0].xyz)
    delay = 0 * u.s
    for _ in range(3):
        relative = get_body_barycentric(body, time - delay) - site
        delay = relative.norm() / c
    return SkyCoord(relative, frame="icrs")


def main():
    print_head("sun-moon.py", use_earth_orientation(argument("sun-moon.py finals2000A.all")),
               ["body", "mjd", "ra_icrs_deg", "dec_icrs_deg", "elevation_deg"])
    for mjd in np.linspace(58849.13, 61771.87, 20):
        time = Time(mjd, format="mjd", scale="utc")
        for body in ["sun", "moon"]:
            place = direction(body, time)
            horizontal = get_body(body, time, OVRO).transform_to(AltAz(obstime=time, location=OVRO))
            print(f"{body}\t{mjd:.8f}\t{place.ra.deg:.6f}\t{place.dec.deg:.6f}\t{horizontal.alt.deg:.6f}")


main()
