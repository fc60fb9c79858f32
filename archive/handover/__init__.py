"""The hand-over: one command makes a folder that a researcher, a court or a library can open,
search, replay, check and cite.

    wanted        what is asked for: filters and tier
    selection     which rows and records that means, with everything a replay needs
    draft         DEST.partial: finished files and their digests, so that a killed export goes on
    withheld      what the tier `metadata` may not hold
    subset        archive.db of the package, with its own full-text index
    records       the WARC files of the package, record by record as they lie
    tables        the same rows as JSON Lines, CSV and Parquet
    seal          the archive's hash chain and its signatures
    wacz          archive.wacz, from our own list of pages
    figures       the numbers that README and DATASHEET tell
    operator_file what the operator says: datasheet.toml
    datapackage crate citation readme bag   descriptions, and the BagIt manifests
    export        the steps in order; command: `zhengwen export`

Everything is a function of the archive's state: no clock, no random ids. Nothing here writes into
the archive.
"""
