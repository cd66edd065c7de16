#!/usr/bin/python3
"""Rows with the time fault of the replaced system, and the right ones, by astropy.

usage: time-fault.py finals2000A.all > time-fault.tsv

That system took the Julian Date, in days, for seconds since MJD 51544 and computed sidereal time there, for several
longitudes of the array. Columns: true_mjd (UTC), ha_deg, dec_deg; wrong_longitude_deg, wrong_timestamp and wrong_ra_deg
as it stored them; true_ra_deg, apparent sidereal time less hour angle over OVRO.
"""
import random

import astropy.units as u
from astropy.time import Time

from reference import argument, print_head, use_earth_orientation

COLUMNS = "true_mjd ha_deg dec_deg wrong_longitude_deg wrong_timestamp wrong_ra_deg true_ra_deg".split()
OVRO_LONGITUDE_DEG = -118.283


def main():
    print_head("time-fault.py", use_earth_orientation(argument("time-fault.py finals2000A.all")), COLUMNS)
    rng = random.Random(1)
    for _ in range(300):
        jd = 2459000.5 + 2500 * rng.random()
        ha_deg = rng.choice([0, 0, 0, -1.75, 30.25, -170])
        dec_deg = round(rng.uniform(-40, 90), 2)
        longitude_deg = rng.choice([-118.2817, -118.283407, -118.2834])
        wrong = 51544 + jd / 86400
        wrong_lst_deg = Time(wrong, format="mjd", scale="utc").sidereal_time("apparent", longitude_deg * u.deg).deg
        lst_deg = Time(jd, format="jd", scale="utc").sidereal_time("apparent", OVRO_LONGITUDE_DEG * u.deg).deg
        print("\t".join([repr(jd - 2400000.5), str(ha_deg), str(dec_deg), str(longitude_deg), repr(wrong),
                         repr((wrong_lst_deg - ha_deg) % 360), f"{(lst_deg - ha_deg) % 360:.8f}"]))


main()
