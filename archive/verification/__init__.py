"""Verification of an archive or a package: every byte of the WARC files, every row against its
record, the hash chain, the bag.

    finding       what a check reports: where, what is wrong, what to do
    tree          the files of a package, found without following or opening anything
    strict_json   JSON of others, strictly
    database      the database of a package, opened without trust
    bag           BagIt manifests
    chain         the hash chain and its signatures
    grammar       what WARC 1.1 wants of a record's header
    digests       the digests of a record
    record_table  all records as one table
    records       the WARC files, record by record
    sets          what only all records together show
    fulltext      the full-text index as a structure
    terms         every term of every article
    structure     the database as a file
    rows          the rows of the database
    rebuild       the database against one made anew
    tables        the tables of a package, and their descriptions
    wacz          a WACZ
    archive       all checks of an archive
    package       all checks of a package

A check yields findings and never raises for what it finds. Nothing here writes into what it checks,
and nothing asks the network.
"""
