"""Web archives of other programs, taken in: each record's bytes are copied as they are, into a gzip
member of its own.

    importing     one source, from its first byte to its line in the chain
    making        the WARC files of an import
    removal       an import is taken out again, by a line of the chain
    wacz          a zip file with WARC files, page lists and digests
    reading       one file of records, whatever it is compressed with
    members       gzip members that are one record each, copied without unpacking them twice
    arc           ARC records, which get the head of a WARC record
    cutting       a stream of bytes cut into WARC records
    stream        unpacked bytes, looked at before they are taken
    unpacking     gzip, Zstandard or nothing, unpacked
    window        a part of an open file as a file of its own
    target        the file that is being written
    given         which files a command line names
    heads         what must be known of a record's head to copy it
    tally         what was taken, and what was not and why

The specifications: https://iipc.github.io/warc-specifications/ for WARC, `.warc.zst` and ARC,
https://specs.webrecorder.net/wacz/1.1.1/ for WACZ.
"""
