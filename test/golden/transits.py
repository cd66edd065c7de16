#!/usr/bin/python3
"""Transits, apparent places and separations of 100 VLA calibrators at 10 dates, by astropy.

usage: transits.py finals2000A.all > transits.tsv

Columns: the calibrator's name and ICRS position; from_mjd, an instant (UTC). transit_mjd: the first upper transit over
OVRO after it, where the hour angle of astropy's HADec, without refraction, is 0; transit_elevation_deg there. ha_deg,
dec_deg, elevation_deg, azimuth_deg: the apparent place at from_mjd. separation_deg: between the calibrator and the
direction to which a telescope at hour angle 0 and apparent declination beam_dec_deg points at from_mjd, both ICRS.
"""
import csv
import os

import astropy.units as u
import numpy as np
from astropy.coordinates import AltAz, EarthLocation, HADec, SkyCoord
from astropy.time import Time

from reference import argument, print_head, use_earth_orientation

COLUMNS = ("name ra_icrs_deg dec_icrs_deg from_mjd transit_mjd transit_elevation_deg ha_deg dec_deg elevation_deg "
           "azimuth_deg beam_dec_deg separation_deg").split()
CALIBRATORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "vendor", "calibrators", "vla.tsv")
OVRO = EarthLocation.from_geodetic(-118.283 * u.deg, 37.2334051 * u.deg, 1188.0519 * u.m)
DATES = ["2020-01-01T00:00:00", "2020-12-31T23:30:00", "2021-10-15T06:00:00", "2022-08-02T12:34:56",
         "2023-05-20T18:00:00", "2024-02-29T03:00:00", "2025-03-20T09:00:00", "2025-10-04T15:12:13",
         "2026-11-30T21:00:00", "2027-12-01T00:00:00"]
SIDEREAL_DAY = 0.99726957  # days, only to aim


def hour_angle(sources, times):
    return sources.transform_to(HADec(obstime=times, location=OVRO)).ha.wrap_at(180 * u.deg)


def next_transits(sources, start):
    """By Newton's method, to below a microsecond; sources and start are arrays."""
    ahead = (-hour_angle(sources, start).deg) % 360 / 360 * SIDEREAL_DAY
    times = start + ahead * u.day
    for _ in range(5):
        times = times - hour_angle(sources, times).deg / 360 * SIDEREAL_DAY * u.day
    assert np.all(np.abs(hour_angle(sources, times).arcsec) < 1e-4) and np.all(times >= start)
    return times


def main():
    print_head("transits.py", use_earth_orientation(argument("transits.py finals2000A.all")), COLUMNS)
    with open(CALIBRATORS, newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    # Every 18th in right ascension, and the two nearest to the pole, which are the hardest.
    rows = rows[::18][:98] + sorted(rows, key=lambda row: float(row["dec_icrs_deg"]))[-2:]
    sources = SkyCoord([float(r["ra_icrs_deg"]) for r in rows] * u.deg, [float(r["dec_icrs_deg"]) for r in rows] * u.deg)
    beam_dec_deg = np.round(sources.dec.deg)
    for date in DATES:
        start = Time(np.full(len(rows), Time(date, scale="utc").mjd), format="mjd", scale="utc")
        transit = next_transits(sources, start)
        place = sources.transform_to(HADec(obstime=start, location=OVRO))
        horizontal = sources.transform_to(AltAz(obstime=start, location=OVRO))
        at_transit = sources.transform_to(AltAz(obstime=transit, location=OVRO))
        beam = SkyCoord(ha=np.zeros(len(rows)) * u.deg, dec=beam_dec_deg * u.deg, frame=HADec(obstime=start, location=OVRO)).icrs
        separation = sources.separation(beam)
        for i, row in enumerate(rows):
            numbers = [place.ha.wrap_at(180 * u.deg).deg[i], place.dec.deg[i], horizontal.alt.deg[i], horizontal.az.deg[i],
                       beam_dec_deg[i], separation.deg[i]]
            print("\t".join([row["name"], row["ra_icrs_deg"], row["dec_icrs_deg"], f"{start.mjd[i]:.10f}",
                             f"{transit.mjd[i]:.10f}", f"{at_transit.alt.deg[i]:.8f}", *(f"{x:.8f}" for x in numbers)]))


main()
