#!/usr/bin/python3
"""The sky that a month of observations saw, by astropy and healpy.

usage: moc.py finals2000A.all > moc.tsv
       moc.py finals2000A.all MOC.fits    compares a coverage map of the same month with it

The month: 8640 observations, one every 309 s from MJD 60949 on, at hour angle 0 and apparent declinations 54.57, 16.24,
30.4 and -3.1, a quarter of them each. An observation lasts 309.237645312 s, of which at most 309 s count; the beam is
1.35767 degrees in radius (half power of a uniformly lit dish of 4.65 m at 1.4 GHz).

Columns: ra_deg, dec_deg, ICRS, random directions farther than 0.2 degrees from the edge of what was seen; covered, 1 or 0.
The head has the area seen.
"""
import sys

import astropy.units as u
import healpy
import numpy as np
from astropy.coordinates import EarthLocation, HADec, SkyCoord
from astropy.io import fits
from astropy.time import Time

from reference import print_head, use_earth_orientation

OVRO = EarthLocation.from_geodetic(-118.283 * u.deg, 37.2334051 * u.deg, 1188.0519 * u.m)
COUNT, STEP_S, FIRST_MJD = 8640, 309.0, 60949.0
DEC_DEG = np.repeat([54.57, 16.24, 30.4, -3.1], COUNT // 4)
RADIUS_DEG = np.degrees(np.arcsin(1.616339948310703 * 299792458 / (np.pi * 4.65 * 1.4e9)))
NSIDE, EDGE_DEG, BEAMS = 512, 0.2, 9


def beam_centres():
    times, decs = [], []
    for offset_s in (np.arange(BEAMS) / (BEAMS - 1) - 0.5) * STEP_S:
        times.append(FIRST_MJD + (np.arange(COUNT) * STEP_S + offset_s) / 86400)
        decs.append(DEC_DEG)
    time = Time(np.concatenate(times), format="mjd", scale="utc")
    dec = np.concatenate(decs) * u.deg
    icrs = SkyCoord(ha=np.zeros(len(dec)) * u.deg, dec=dec, frame=HADec(obstime=time, location=OVRO)).icrs
    return healpy.ang2vec(icrs.ra.deg, icrs.dec.deg, lonlat=True)


def seen(centres, radius_deg):
    mask = np.zeros(healpy.nside2npix(NSIDE), dtype=bool)
    for centre in centres:
        mask[healpy.query_disc(NSIDE, centre, np.radians(radius_deg), nest=True)] = True
    return mask


def area_of(mask):
    return mask.sum() * healpy.nside2pixarea(NSIDE, degrees=True)


def mask_of_moc(path):
    with fits.open(path) as hdus:
        hdus.verify("exception")
        header, uniq = hdus[1].header, hdus[1].data["UNIQ"]
    assert header["ORDERING"] == "NUNIQ" and header["COORDSYS"] == "C" and header["MOCDIM"] == "SPACE"
    mask = np.zeros(healpy.nside2npix(NSIDE), dtype=bool)
    finest = int(np.log2(NSIDE))
    for value in uniq:
        order = (int(value).bit_length() - 1) // 2 - 1
        assert order <= header["MOCORD_S"]
        cell, shift = int(value) - 4 ** (order + 1), 2 * (finest - order)
        assert not mask[cell << shift:(cell + 1) << shift].any()
        mask[cell << shift:(cell + 1) << shift] = True
    return mask


def main():
    table = use_earth_orientation(sys.argv[1])
    centres = beam_centres()
    mask = seen(centres, RADIUS_DEG)
    if len(sys.argv) > 2:
        moc = mask_of_moc(sys.argv[2])
        print(f"healpy {healpy.__version__}: seen {area_of(mask):.2f} deg2, map {area_of(moc):.2f} deg2, "
              f"in one only {area_of(mask ^ moc):.2f} deg2")
        sys.exit(int(abs(area_of(moc) / area_of(mask) - 1) > 0.01))
    inner, outer = seen(centres, RADIUS_DEG - EDGE_DEG), seen(centres, RADIUS_DEG + EDGE_DEG)
    print(f"# healpy {healpy.__version__}, nside {NSIDE}: area_deg2 {area_of(mask):.2f}")
    print_head("moc.py", table, ["ra_deg", "dec_deg", "covered"])
    rng = np.random.default_rng(1)
    for ra_deg, dec_deg in zip(rng.uniform(0, 360, 1000), np.degrees(np.arcsin(rng.uniform(-0.2, 0.9, 1000)))):
        cell = healpy.ang2pix(NSIDE, ra_deg, dec_deg, nest=True, lonlat=True)
        if inner[cell] or not outer[cell]:
            print(f"{ra_deg:.4f}\t{dec_deg:.4f}\t{int(inner[cell])}")


main()
