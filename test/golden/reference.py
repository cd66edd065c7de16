"""What the golden scripts share: astropy set to the IERS files given, and the head of a table.

Debian: python3-astropy. The tables need no network.
"""
import platform
import sys
import warnings

import astropy
import erfa
from astropy.utils import iers


def use_earth_orientation(finals2000a_path):
    """Computes with this finals2000A.all only; beyond its end with its last UT1-UTC, as the monitor does."""
    warnings.simplefilter("ignore")
    iers.conf.auto_download = False
    iers.conf.auto_max_age = None
    iers.conf.iers_degraded_accuracy = "warn"
    table = iers.IERS_A.open(finals2000a_path)
    iers.earth_orientation_table.set(table)
    return table


def print_head(script, table, columns):
    print(f"# made by test/golden/{script}: astropy {astropy.__version__}, pyerfa {erfa.__version__} "
          f"(ERFA {erfa.version.erfa_version}), Python {platform.python_version()}")
    print(f"# Earth orientation: finals2000A.all, measured to MJD {table.meta['predictive_mjd'] - 1:.0f}, "
          f"predicted to MJD {table['MJD'][-1].value:.0f}")
    print("\t".join(columns))


def argument(usage):
    if len(sys.argv) != 2:
        sys.exit(f"usage: {usage}")
    return sys.argv[1]
