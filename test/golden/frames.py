#!/usr/bin/python3
"""Phase centres in every frame, fixed and moving, at 30 dates from 2020 to 2028, by astropy.

usage: frames.py finals2000A.all > frames.tsv

Frames as pyuvdata uses astropy's: gcrs and cirs are those of the time of observation at the geocentre; the equinox of
fk5 is Julian, that of fk4 Besselian, and its obstime the equinox. Proper motion is a change of the ICRS position from
the epoch on; pm_ra is dRA/dt. altaz (driftscan): azimuth from north through east, altitude.

Columns: frame; epoch_year, equinox and epoch; jd_day + jd_fraction, UTC; the site, WGS84; lon_deg and lat_deg in the
frame; pm_ra, pm_dec (mas/yr), distance (pc, 0: infinite), radial velocity (km/s). Then the values, degrees: apparent
sidereal time, apparent hour angle, right ascension (sidereal time less hour angle) and declination, and ICRS at the
time of observation, barycentric, without refraction.
"""
import random

import astropy.units as u
import numpy as np
from astropy.coordinates import (CIRS, FK4, FK5, GCRS, ICRS, AltAz, Distance, EarthLocation, Galactic, HADec, SkyCoord)
from astropy.time import Time

from reference import argument, print_head, use_earth_orientation

COLUMNS = ("frame epoch_year jd_day jd_fraction latitude_deg longitude_deg altitude_m lon_deg lat_deg pm_ra_mas_yr "
           "pm_dec_mas_yr distance_pc vrad_km_s lst_deg ha_deg ra_deg dec_deg ra_icrs_deg dec_icrs_deg").split()
SITES = [
    (37.2334051, -118.283, 1188.0519),  # OVRO
    (-30.721526120689315, 21.428303826863015, 1051.69),  # HERA
    (40.8173, -121.47, 1019.222),  # ATA
    (-26.703319, 116.670815, 377.83),  # MWA
]
FRAMES = [("icrs", 2000.0), ("icrs", 2015.5), ("fk5", 2000.0), ("fk5", 1975.0), ("fk5", 2022.5), ("fk4", 1950.0),
          ("fk4", 1975.0), ("galactic", 2000.0), ("gcrs", 2000.0), ("cirs", 2000.0)]
# pm_ra cos(Dec) and pm_dec (mas/yr), parallax (mas), radial velocity (km/s)
MOTIONS = [
    (0, 0, 0, 0),
    (-798.58, 10328.12, 546.98, -110.51),  # Barnard's star
    (-3781.74, 769.47, 768.07, -22.2),  # Proxima Centauri
    (-798.58, 10328.12, 0, 0),  # no distance
    (0, 0, 1000, 0),  # parallax alone
    (-3.82, -14.5, 2.8, 100),  # a pulsar
]


def frame_of(name, epoch_year, time):
    if name == "fk5":
        return FK5(equinox=Time(epoch_year, format="jyear", scale="tt"))
    if name == "fk4":
        return FK4(equinox=Time(epoch_year, format="byear", scale="tt"))
    return {"icrs": ICRS(), "galactic": Galactic(), "gcrs": GCRS(obstime=time), "cirs": CIRS(obstime=time)}[name]


def moved(icrs, epoch, time, pm_ra, pm_dec, distance_pc, vrad):
    if pm_ra == pm_dec == distance_pc == 0:
        return icrs
    # Any distance gives the same path without radial velocity. Left to itself astropy (ERFA's pmsafe) takes one that
    # makes the star so fast that the result jumps by 60 mas with the last bit of a proper motion.
    star = SkyCoord(icrs.ra, icrs.dec, distance=Distance((distance_pc or 1) * u.pc), radial_velocity=vrad * u.km / u.s,
                    pm_ra_cosdec=pm_ra * np.cos(icrs.dec.rad) * u.mas / u.yr, pm_dec=pm_dec * u.mas / u.yr, obstime=epoch,
                    frame="icrs")
    star = star.apply_space_motion(new_obstime=time)
    known = {} if distance_pc == 0 else {"distance": star.distance}
    return SkyCoord(star.ra, star.dec, frame="icrs", **known)


def print_row(given, time, observed, icrs):
    lst_deg = time.sidereal_time("apparent", longitude=time.location.lon).deg
    ha_deg = observed.ha.wrap_at(180 * u.deg).deg
    values = (lst_deg, ha_deg, (lst_deg - ha_deg) % 360, observed.dec.deg, icrs.ra.deg, icrs.dec.deg)
    print("\t".join([given[0], *(repr(float(x)) for x in given[1:]), *(f"{x:.11f}" for x in values)]))


def main():
    print_head("frames.py", use_earth_orientation(argument("frames.py finals2000A.all")), COLUMNS)
    rng = random.Random(1)
    for i in range(30):
        day, fraction = 2458849 + int(3287 * (i + rng.random()) / 30), round(rng.random(), 6)
        site = SITES[i % len(SITES)]
        location = EarthLocation.from_geodetic(site[1] * u.deg, site[0] * u.deg, site[2] * u.m)
        time = Time(day, fraction, format="jd", scale="utc", location=location)
        local = HADec(obstime=time, location=location)
        for j, (name, epoch_year) in enumerate(FRAMES):
            epoch = Time(epoch_year, format="byear" if name == "fk4" else "jyear", scale="tt")
            for motion in (MOTIONS[0], MOTIONS[1 + (i + j) % (len(MOTIONS) - 1)]):
                lon_deg, lat_deg = round(rng.uniform(0, 360), 5), round(np.degrees(np.arcsin(rng.uniform(-1, 1))), 5)
                icrs = SkyCoord(lon_deg * u.deg, lat_deg * u.deg, frame=frame_of(name, epoch_year, time)).icrs
                pm_ra, pm_dec, parallax, vrad = motion
                pm_ra /= np.cos(np.radians(lat_deg))
                distance_pc = 1000 / parallax if parallax else 0
                icrs = moved(icrs, epoch, time, pm_ra, pm_dec, distance_pc, vrad)
                given = (name, epoch_year, day, fraction, *site, lon_deg, lat_deg, pm_ra, pm_dec, distance_pc, vrad)
                print_row(given, time, icrs.transform_to(local), icrs)
        for azimuth_deg, altitude_deg in ((rng.uniform(0, 360), rng.uniform(5, 89)), (rng.uniform(0, 360), 90)):
            fixed = SkyCoord(az=azimuth_deg * u.deg, alt=altitude_deg * u.deg, frame=AltAz(obstime=time, location=location))
            given = ("altaz", 2000, day, fraction, *site, azimuth_deg, altitude_deg, 0, 0, 0, 0)
            print_row(given, time, fixed.transform_to(local), fixed.icrs)


main()
