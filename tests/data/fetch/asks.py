"""Questions and files that the tests of the client share."""

import hashlib

from data.fetch.ask import Ask

NAMES = "https://houseofcommonslibrary.github.io/msoanames/MSOA-Names-2.2.csv"
STREETS = "https://download.geofabrik.de/europe/united-kingdom/england/rutland-latest.osm.pbf"
POSTCODES = "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV&redirect"
BLOB = "https://omseprd1stdstordownload.blob.core.windows.net/downloads/CodePointOpen/codepo_gb.zip"
CSV = b"msoa21cd,msoa21hclnm\nE02002330,Wharfedale\n"
BIG = bytes(range(256)) * 2000
"""512,000 bytes."""
MD5 = hashlib.md5(BIG).hexdigest().upper()
DAY = 86_400


def names(**more):
    return Ask(NAMES, source="area_names", **more)


def streets(**more):
    return Ask(STREETS, source="streets", **more)


def left_in(folder):
    """What lies beside the files and their receipts, locks apart."""
    names = {path.name for path in folder.rglob("*") if path.is_file()}
    return {
        name
        for name in names
        if name.startswith("part.") or not name.endswith((".lock", ".turn", ".csv", ".pbf", ".zip", "receipt.json"))
    }
