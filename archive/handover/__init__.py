"""The hand-over: one command makes a folder that a researcher, a court or a library can open,
search, replay, check and cite.

    request       what is asked for: filters and tier
    layout        the paths of a package
    selection     which rows and records that means, with everything a replay needs
    requisites    what the pages of imports need to be shown, which no crawl marked
    staging       DEST.partial: finished files and their digests, so that a killed export goes on
    withheld      what the tier `metadata` may not hold
    subset        archive.db of the package, with its own full-text index
    records       the WARC files of the package, record by record as they are
    seal          the archive's hash chain and its signatures
    pwid          persistent identifiers of captures
    tables        the same rows as JSON Lines, CSV and Parquet
    wacz          archive.wacz, from our own list of pages
    statistics    the numbers of README and DATASHEET
    operator_file what the operator says: datasheet.toml
    phrases       sentences in English and Chinese (texts/phrases.*.toml)
    package       what all descriptions need to know
    datapackage crate citation readme datasheet markdown   the descriptions
    bag           BagIt manifests
    descriptions  the steps that write the descriptions and the bag
    warc_files    the step that makes the WARC files
    state         a digest of all that a package is made of
    export        the steps in order; the command is `zhengwen export`

Everything is a function of the archive's state: no clock, no random ids. Nothing here writes into
the archive.
"""
