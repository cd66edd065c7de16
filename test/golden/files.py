#!/usr/bin/python3
"""Makes test/golden/golden.jsonl: the pointing of UVH5 files by h5py and astropy, one JSON object a file.

usage: files.py finals2000A.all FILE ... > golden.jsonl      (Debian: python3-h5py, python3-astropy)

mid_jd: mean of Header/time_array (UTC days); lst_deg: apparent, IAU 2006A; ra_deg, dec_deg: apparent, equinox of date;
ra_icrs_deg, dec_icrs_deg: without refraction.
"""
import json
import os
import sys

import astropy.units as u
import h5py
import numpy as np
from astropy.coordinates import GCRS, HADec, ICRS, EarthLocation, SkyCoord
from astropy.time import Time

from reference import use_earth_orientation


def text(node):
    value = node[()]
    return value.decode() if isinstance(value, bytes) else str(value)


def number(node):
    return float(np.asarray(node[()]).reshape(-1)[0])


def direction(header, latitude_rad):
    """(kind, hour angle, declination) or (kind, longitude, latitude, frame), radians."""
    keywords = header.get("extra_keywords", {})
    if "phase_center_dec" in keywords and "ha_phase_center" in keywords:
        return "hadec", number(keywords["ha_phase_center"]), number(keywords["phase_center_dec"])
    if "phase_center_catalog" in header:
        ids, counts = np.unique(np.asarray(header["phase_center_id_array"]), return_counts=True)
        entry = header["phase_center_catalog"][str(ids[np.argmax(counts)])]
        if text(entry["cat_type"]) == "unprojected":
            return "zenith", 0.0, latitude_rad
        return "sidereal", number(entry["cat_lon"]), number(entry["cat_lat"]), text(entry["cat_frame"])
    if text(header["phase_type"]) == "drift":
        return "zenith", 0.0, latitude_rad
    frame = text(header["phase_center_frame"]) if "phase_center_frame" in header else "icrs"
    return "sidereal", number(header["phase_center_ra"]), number(header["phase_center_dec"]), frame


def pointing(path):
    with h5py.File(path, "r") as file:
        header = file["Header"]
        times = np.asarray(header["time_array"], float)
        site = EarthLocation.from_geodetic(number(header["longitude"]) * u.deg, number(header["latitude"]) * u.deg,
                                           number(header["altitude"]) * u.m)
        kind, *angles = direction(header, site.lat.rad)
    mid_jd = float(times.mean())
    day = np.floor(mid_jd)
    time = Time(day, mid_jd - day, format="jd", scale="utc", location=site)
    lst = time.sidereal_time("apparent", longitude=site.lon)
    local = HADec(obstime=time, location=site)
    if kind == "sidereal":
        lon, lat, frame = angles
        icrs = SkyCoord(lon * u.rad, lat * u.rad, frame=GCRS(obstime=time) if frame == "gcrs" else frame).icrs
        apparent = icrs.transform_to(local)
        ha, dec = apparent.ha.rad, apparent.dec.rad
    else:
        ha, dec = angles
        icrs = SkyCoord(ha=ha * u.rad, dec=dec * u.rad, frame=local).transform_to(ICRS())
    return dict(path=os.path.basename(path), n_times_read=int(times.size), mid_jd=mid_jd, mjd=mid_jd - 2400000.5,
                lst_deg=float(lst.deg), ha_deg=float(np.degrees(ha)),
                ra_deg=float((lst.deg - np.degrees(ha)) % 360.0), dec_deg=float(np.degrees(dec)),
                ra_icrs_deg=float(icrs.ra.deg), dec_icrs_deg=float(icrs.dec.deg), kind=kind)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: files.py finals2000A.all FILE ...")
    use_earth_orientation(sys.argv[1])
    for name in sys.argv[2:]:
        print(json.dumps(pointing(name)))
