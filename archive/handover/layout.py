"""The paths of a package, relative to it, with `/`.

bagit.txt bag-info.txt manifest-sha256.txt tagmanifest-sha256.txt      RFC 8493
README.md README.zh.md DATASHEET.md CITATION.cff
datapackage.json datacite.json ro-crate-metadata.json
data/archive.db data/warc/*.warc.gz       an archive: `zhengwen --archive PACKAGE/data search …`
data/chain.jsonl data/signatures/*        the archive's complete hash chain, as it was
data/shards/<name>/chain.jsonl …          the same of each shard, where it is of a collection
data/platforms/*.toml                     descriptions of platforms, which `zhengwen rebuild` needs
data/archive.wacz
data/<table>.jsonl .csv .parquet          every table but `about`
"""

from __future__ import annotations

DATA = "data"
DATABASE = f"{DATA}/archive.db"
WARC = f"{DATA}/warc"
PLATFORMS = f"{DATA}/platforms"
SHARDS = f"{DATA}/shards"
WACZ = f"{DATA}/archive.wacz"
BAG = "bagit.txt"  # written after the payload: a folder without it is no package
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
DATAPACKAGE = "datapackage.json"
CRATE = "ro-crate-metadata.json"
CITATION = "CITATION.cff"
DATACITE = "datacite.json"
README = "README.md"
README_CHINESE = "README.zh.md"
DATASHEET = "DATASHEET.md"
