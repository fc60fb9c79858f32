"""WARC files: the HTTP messages in them, reading, writing, recovery after a kill, and the hash
chain over files and runs.

    http          HTTP/1 messages as bytes
    digests       SHA-1 as WARC writes it
    directory     the files of a folder, finished and not
    exchange      one request and its answer, ready for a record
    record        WARC records as bytes
    member        one gzip member of a file, unpacked
    reader        records out of a file
    resuming      where reading goes on behind damage
    output        the file that is being written
    originals     the responses that a revisit may refer to
    writer        exchanges and notes into files
    recovery      what a killed run left open
    chain_state   how long the chain was at some moment
    chain         chain.jsonl, read
    chaining      lines are added to it
    signing       Ed25519 signatures over the chain

The format is WARC 1.1: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""
