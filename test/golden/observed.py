#!/usr/bin/python3
"""Which observations of a history had positions in the beam, by brute force: every position against every row, by astropy.

usage: observed.py finals2000A.all DIRECTORY     writes observed-rows.tsv and observed.tsv there

observed-rows.tsv: the history. mjd, middle of an observation of 309.237645312 s; ra_deg, apparent sidereal time less the
hour angle; dec_deg, apparent; ha_deg, the hour angle at which the telescope stands.

observed.tsv: 200 queries, a line for each observation found, and one without mjd where there is none. query and its
category; ra_icrs_deg, dec_icrs_deg; from_mjd, to_mjd; radius_deg. Of the observation: mjd; in_mjd, out_mjd, within the
radius; offset_deg, the least distance; peak_response there; mean_response and seconds within the radius. The distance is
that of the source and the telescope's direction in astropy's HADec, without refraction: at the middle of every row, and
every two seconds of those that come near. The response is
that of a uniformly lit dish of 4.65 m at 1.4 GHz (Airy), with J1 by scipy.
"""
import os
import sys

import astropy.units as u
import numpy as np
from astropy.coordinates import EarthLocation, HADec, SkyCoord
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from astropy.time import Time
from scipy.special import j1

from reference import print_head, use_earth_orientation

OVRO = EarthLocation.from_geodetic(-118.283 * u.deg, 37.2334051 * u.deg, 1188.0519 * u.m)
SECONDS = 24 * 12.884901888
CADENCE_DAYS = 309 / 86400
HALF_POWER_DEG = 1.3576437421797156
X_PER_SINE = np.pi * 4.65 * 1.4e9 / 299792458.0
# Start, declination and hour angle of dwells of 300 observations, a little over a day each.
DWELLS = [(57400.1, 54.57, 0.0), (57401.3, 16.24, 0.0), (57800.7, 88.9, 0.0), (58200.2, -3.1, 0.0), (58600.9, 71.6, 0.0),
          (59000.4, -51.5, 0.0), (59400.6, 30.4, 0.0), (59800.5, 87.5, 0.0), (60200.8, 54.57, -1.75), (60600.3, 36.0, 0.0),
          (60950.0, 16.24, 0.0), (61100.5, 89.6, 180.0)]
ROWS_A_DWELL = 300


def response(separation_deg):
    x = X_PER_SINE * np.sin(np.radians(separation_deg))
    return np.where(x < 1e-6, 1.0, (2 * j1(np.maximum(x, 1e-9)) / np.maximum(x, 1e-9)) ** 2)


def separation_deg(position, mjd, ha_deg, dec_deg):
    """Of ICRS sources from the direction in which the telescope stands, at each time; arrays that go together."""
    time = Time(mjd, format="mjd", scale="utc")
    source = position.transform_to(HADec(obstime=time, location=OVRO))
    a1, d1, a2, d2 = source.ha.rad, source.dec.rad, np.radians(ha_deg), np.radians(dec_deg)
    haversine = np.sin((d1 - d2) / 2) ** 2 + np.cos(d1) * np.cos(d2) * np.sin((a1 - a2) / 2) ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(np.clip(haversine, 0, 1))))


def history():
    mjd = np.concatenate([start + np.arange(ROWS_A_DWELL) * CADENCE_DAYS for start, _, _ in DWELLS])
    dec = np.repeat([dec for _, dec, _ in DWELLS], ROWS_A_DWELL)
    ha = np.repeat([ha for _, _, ha in DWELLS], ROWS_A_DWELL)
    lst = Time(mjd, format="mjd", scale="utc").sidereal_time("apparent", longitude=OVRO.lon).deg
    return mjd, (lst - ha) % 360, dec, ha


def queries(mjd, dec, ha):
    rng = np.random.default_rng(20251004)
    frame = HADec(obstime=Time(mjd, format="mjd", scale="utc"), location=OVRO)
    beam = SkyCoord(ha=ha * u.deg, dec=dec * u.deg, frame=frame).icrs
    near_zero = np.flatnonzero((np.abs(beam.ra.wrap_at(180 * u.deg).deg) < 1.5) & (np.abs(beam.dec.deg) < 80))
    polar = np.flatnonzero(dec > 85)

    def around(row, distance_deg):
        return beam[row].directional_offset_by(rng.uniform(0, 360) * u.deg, distance_deg * u.deg)

    made = []
    for _ in range(100):
        made.append(("beam", around(rng.choice(np.flatnonzero(dec < 85)), rng.uniform(0, 2.5))))
    for _ in range(25):
        made.append(("pole", around(rng.choice(polar), rng.uniform(0, 2.5))))
    for _ in range(25):
        row = rng.choice(near_zero)
        made.append(("0h", SkyCoord((rng.uniform(-0.5, 0.5) % 360) * u.deg, beam[row].dec + rng.uniform(-1, 1) * u.deg)))
    for _ in range(25):
        row = rng.choice(np.flatnonzero(dec < 80))
        edge = HALF_POWER_DEG + rng.uniform(-0.02, 0.02)
        made.append(("edge", beam[row].directional_offset_by(rng.choice([0, 180]) * u.deg, edge * u.deg)))
    for _ in range(15):
        made.append(("below", SkyCoord(rng.uniform(0, 360) * u.deg, rng.uniform(-90, -54) * u.deg)))
    for _ in range(10):
        made.append(("anywhere", SkyCoord(rng.uniform(0, 360) * u.deg, np.degrees(np.arcsin(rng.uniform(-1, 1))) * u.deg)))
    for number, (category, position) in enumerate(made):
        first, last = sorted(rng.uniform(mjd[0] - 1, mjd[-1] + 1, 2)) if number % 4 == 3 else (mjd[0], mjd[-1])
        if category == "pole":  # up all day: a few hours of one dwell will do
            first = mjd[rng.choice(polar)] - rng.uniform(0, 0.05)
            last = first + 0.12
        radius = rng.choice([HALF_POWER_DEG] * 6 + [0.3, 3.0])
        yield number, category, position, round(first, 6), round(last, 6), radius


def sightings(position, radius, mjd, dec, ha):
    """What is seen in rows that come near: their number and the pass."""
    for row in range(len(mjd)):
        seconds = np.append(np.arange(-SECONDS / 2, SECONDS / 2, 2.0), SECONDS / 2)
        with erfa_astrom.set(ErfaAstromInterpolator(60 * u.s)):
            d = separation_deg(position, mjd[row] + seconds / 86400, ha[row], dec[row])
        if d.min() > radius:  # what grazes the radius for less than two seconds is not decided here
            continue
        # The square of the distance is a parabola near its least, which may lie between samples.
        least = np.clip(d.argmin(), 1, len(d) - 2) + np.array([-1, 0, 1])
        a, b, _ = np.polyfit(seconds[least], d[least] ** 2, 2)
        closest = np.clip(-b / (2 * a), seconds[0], seconds[-1]) if a > 0 else seconds[d.argmin()]
        offset = float(separation_deg(position, mjd[row] + closest / 86400, ha[row], dec[row]))
        offset = min(offset, d.min())
        # The ends of each stretch within the radius, by straight lines between samples.
        crossings = [s0 + (s1 - s0) * (radius - d0) / (d1 - d0)
                     for s0, s1, d0, d1 in zip(seconds, seconds[1:], d, d[1:]) if (d0 <= radius) != (d1 <= radius)]
        t = np.sort(np.concatenate([seconds[d <= radius], crossings]))
        r = response(np.interp(t, seconds, d))
        # A stretch in which the source leaves and comes back does not count.
        lengths = np.diff(t) * (np.interp((t[1:] + t[:-1]) / 2, seconds, d) <= radius + 1e-9)
        total = lengths.sum()
        mean = ((r[1:] + r[:-1]) / 2 * lengths).sum() / total if total > 0 else response(offset)
        yield row, t[0], t[-1], offset, float(response(offset)), float(mean), total


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: observed.py finals2000A.all DIRECTORY")
    table = use_earth_orientation(sys.argv[1])
    mjd, ra, dec, ha = history()
    sys.stdout = open(os.path.join(sys.argv[2], "observed-rows.tsv"), "w")
    print_head("observed.py", table, "mjd ra_deg dec_deg ha_deg".split())
    for row in zip(mjd, ra, dec, ha):
        print("%.10f\t%.8f\t%g\t%g" % row)
    sys.stdout = open(os.path.join(sys.argv[2], "observed.tsv"), "w")
    print_head("observed.py", table, ("query category ra_icrs_deg dec_icrs_deg from_mjd to_mjd radius_deg mjd in_mjd out_mjd offset_deg "
                                      "peak_response mean_response seconds").split())
    asked = list(queries(mjd, dec, ha))
    positions = SkyCoord([position for _, _, position, *_ in asked]).reshape(1, -1)
    distance = separation_deg(positions, mjd[:, None], ha[:, None], dec[:, None])
    for number, category, position, first, last, radius in asked:
        query = f"{number}\t{category}\t{position.ra.deg:.9f}\t{position.dec.deg:.9f}\t{first:.6f}\t{last:.6f}\t{radius:.10f}"
        # In half an observation the sky turns by 0.65 degrees.
        near = np.flatnonzero((mjd >= first) & (mjd <= last) & (distance[:, number] <= radius + 0.7))
        found = list(sightings(position, radius, mjd[near], dec[near], ha[near]))
        for row, t0, t1, offset, peak, mean, seconds in found:
            time = mjd[near][row]
            print(f"{query}\t{time:.10f}\t{time + t0 / 86400:.8f}\t{time + t1 / 86400:.8f}\t{offset:.6f}\t{peak:.6f}\t{mean:.6f}\t{seconds:.2f}")
        if not found:
            print(query + "\t" * 7)


main()
