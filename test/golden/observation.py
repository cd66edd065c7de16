#!/usr/bin/python3
"""Where a telescope at OVRO pointed, in every frame that the page shows, by astropy.

usage: observation.py finals2000A.all > observation.tsv

Columns: mjd, UTC; then degrees: apparent hour angle, right ascension (sidereal time less hour angle) and declination;
elevation and azimuth from north through east; galactic longitude and latitude; ICRS. All without refraction.
"""
import astropy.units as u
from astropy.coordinates import AltAz, EarthLocation, HADec, SkyCoord
from astropy.time import Time

from reference import argument, print_head, use_earth_orientation

COLUMNS = "mjd ha_deg ra_deg dec_deg elevation_deg azimuth_deg l_deg b_deg ra_icrs_deg dec_icrs_deg".split()
OVRO = EarthLocation(lat=37.2334051 * u.deg, lon=-118.283 * u.deg, height=1188.0519 * u.m)
POINTINGS = [(60952.25, 0, 54.57), (60953.5, 0, 16.24), (60954.75, -1.5, 71.6), (61001.125, 2.25, -29.0),
             (61101.0625, 0, 89.0), (61200.9, 0, 37.2), (61300.4, -20, 5.0)]


def main():
    table = use_earth_orientation(argument("observation.py finals2000A.all > observation.tsv"))
    print_head("observation.py", table, COLUMNS)
    for mjd, ha_deg, dec_deg in POINTINGS:
        time = Time(mjd, format="mjd", scale="utc")
        lst_deg = time.sidereal_time("apparent", longitude=OVRO.lon).deg
        place = SkyCoord(ha=ha_deg * u.deg, dec=dec_deg * u.deg, frame=HADec(obstime=time, location=OVRO))
        horizon = place.transform_to(AltAz(obstime=time, location=OVRO))
        icrs = place.icrs
        values = (ha_deg, (lst_deg - ha_deg) % 360, dec_deg, horizon.alt.deg, horizon.az.deg, icrs.galactic.l.deg,
                  icrs.galactic.b.deg, icrs.ra.deg, icrs.dec.deg)
        print("\t".join([repr(mjd)] + [f"{value:.10f}" for value in values]))


main()
