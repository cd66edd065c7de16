#!/usr/bin/python3
"""A night of drift scans by HERA: its files, and what astropy and healpy say of them.

usage: hera.py files DIRECTORY            writes the files as HERA's correlator lays them out (no visibilities)
       hera.py golden finals2000A.all > hera.tsv

30 files, one every 600 s, of 60 integrations of 9.663676416 s each, 100 to 200 MHz, 14 m dishes that look at the zenith. The
beam is that of a uniformly lit dish at 150 MHz. `source` is a position 2 degrees from the zenith's track.

Columns: what, a number of the file or of the right ascension bin of 15 degrees where there is one, value.
"""
import os
import sys

import numpy as np

LATITUDE_DEG, LONGITUDE_DEG, HEIGHT_M = -30.721526120689315, 21.428303826863015, 1051.690000005066
DISH_M, LOWEST_HZ, HIGHEST_HZ, CHANNELS = 14.0, 100e6, 200e6, 64
FILES, EVERY_S, TIMES, INTEGRATION_S, BASELINES = 30, 600.0, 60, 9.663676416, 3
FIRST_JD = 2459122.25
DURATION_S = TIMES * INTEGRATION_S
SOURCE_DEG = (330.0, -28.9)


def times_jd(i):
    return FIRST_JD + (i * EVERY_S + (np.arange(TIMES) + 0.5) * INTEGRATION_S) / 86400


def write_files(directory):
    import h5py
    width = (HIGHEST_HZ - LOWEST_HZ) / CHANNELS
    for i in range(FILES):
        times = np.repeat(times_jd(i), BASELINES)
        with h5py.File(os.path.join(directory, f"zen.{times[0]:.5f}.sum.uvh5"), "w") as file:
            header = file.create_group("Header")
            values = dict(latitude=LATITUDE_DEG, longitude=LONGITUDE_DEG, altitude=HEIGHT_M, telescope_name=b"HERA",
                          instrument=b"HERA", phase_type=b"drift", Ntimes=TIMES, Nbls=BASELINES, Nblts=len(times),
                          Nfreqs=CHANNELS, channel_width=width, time_array=times,
                          integration_time=np.full(len(times), INTEGRATION_S),
                          freq_array=(LOWEST_HZ + (np.arange(CHANNELS) + 0.5) * width)[None, :],
                          antenna_diameters=np.full(5, DISH_M))
            for name, value in values.items():
                header.create_dataset(name, data=value)
            file.create_group("Data")


def golden(finals):
    import astropy.units as u
    import healpy
    from astropy.coordinates import EarthLocation, HADec, SkyCoord
    from astropy.time import Time
    from reference import print_head, use_earth_orientation

    table = use_earth_orientation(finals)
    hera = EarthLocation.from_geodetic(LONGITUDE_DEG * u.deg, LATITUDE_DEG * u.deg, HEIGHT_M * u.m)
    radius_deg = np.degrees(np.arcsin(1.616339948310703 * 299792458 / (np.pi * DISH_M * (LOWEST_HZ + HIGHEST_HZ) / 2)))

    def time_of(jd):
        return Time(jd, format="jd", scale="utc", location=hera)

    def zenith(time):
        return SkyCoord(ha=np.zeros(time.shape) * u.deg, dec=np.full(time.shape, LATITUDE_DEG) * u.deg,
                        frame=HADec(obstime=time, location=hera)).icrs

    print(f"# healpy {healpy.__version__}")
    print_head("hera.py", table, ["what", "number", "value"])
    mid = time_of(np.array([times_jd(i).mean() for i in range(FILES)]))
    lst_deg, icrs = mid.sidereal_time("apparent").deg, zenith(mid)
    for i in range(FILES):
        print(f"mjd\t{i}\t{mid[i].mjd:.9f}\nra_deg\t{i}\t{lst_deg[i]:.7f}\nra_icrs_deg\t{i}\t{icrs.ra.deg[i]:.7f}\n"
              f"dec_icrs_deg\t{i}\t{icrs.dec.deg[i]:.7f}")
    print(f"beam_fwhm_deg\t\t{2 * radius_deg:.6f}")

    # A sample for each second on sky.
    seconds = np.arange(0, DURATION_S, 1.0)
    jd = np.concatenate([FIRST_JD + (i * EVERY_S + seconds) / 86400 for i in range(FILES)])
    weight = DURATION_S / len(seconds)
    bins = np.bincount((time_of(jd).sidereal_time("apparent").deg // 15).astype(int), minlength=24) * weight
    print(f"coverage_seconds\t\t{FILES * DURATION_S:.6f}")
    for i, value in enumerate(bins):
        print(f"ra_bin_seconds\t{i}\t{value:.1f}")
    nside = 128  # the cells of the map
    mask = np.zeros(healpy.nside2npix(nside), dtype=bool)
    for centre in healpy.ang2vec(*(lambda c: (c.ra.deg, c.dec.deg))(zenith(time_of(jd[::20]))), lonlat=True):
        mask[healpy.query_disc(nside, centre, np.radians(radius_deg))] = True
    print(f"moc_deg2\t\t{mask.sum() * healpy.nside2pixarea(nside, degrees=True):.2f}")

    source = SkyCoord(*SOURCE_DEG, unit="deg")
    hour_angle = lambda jd: source.transform_to(HADec(obstime=time_of(jd), location=hera)).ha.wrap_at(180 * u.deg).deg
    low, high = FIRST_JD, FIRST_JD + FILES * EVERY_S / 86400
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if hour_angle(middle) < 0 else (low, middle)
    print(f"transit_mjd\t\t{low - 2400000.5:.8f}")
    inside = zenith(time_of(jd)).separation(source).deg <= radius_deg
    of_file = np.repeat(np.arange(FILES), len(seconds))[inside]
    print(f"source_files\t\t{len(set(of_file))}\nsource_seconds\t\t{inside.sum() * weight:.1f}")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("files", "golden"):
        sys.exit("usage: hera.py files DIRECTORY | hera.py golden finals2000A.all")
    {"files": write_files, "golden": golden}[sys.argv[1]](sys.argv[2])
