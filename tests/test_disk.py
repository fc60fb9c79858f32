"""Files and disks: digests of streams, free space, and which folders belong to a package."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from archive.disk import PIECE, copy_sha256, require_free, sha256, stream_sha256
from archive.errors import ArchiveError
from archive.folder import package_of

SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]


@pytest.mark.parametrize("size", SIZES)
def test_a_file_a_stream_and_a_copy_have_the_same_digest(size: int, tmp_path: Path) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    expected = hashlib.sha256(data).hexdigest()
    (tmp_path / "file").write_bytes(data)
    target, sizes = BytesIO(), []

    digest = copy_sha256(BytesIO(data), target, sizes.append)

    assert digest == stream_sha256(BytesIO(data)) == sha256(tmp_path / "file") == expected
    assert target.getvalue() == data and sum(sizes) == size


def test_a_digest_begins_where_the_stream_is() -> None:
    stream = BytesIO(b"head body")
    stream.seek(5)

    assert stream_sha256(stream) == hashlib.sha256(b"body").hexdigest()


def test_a_disk_without_room_is_a_sentence_with_advice(tmp_path: Path) -> None:
    require_free(tmp_path, 1, "The package", "choose another place")

    with pytest.raises(ArchiveError, match=r"^The package needs about .* GB in .*; move away\.$"):
        require_free(tmp_path, 10**18, "The package", "move away")


def test_only_the_data_of_a_bag_belong_to_a_package(tmp_path: Path) -> None:
    data = tmp_path / "package" / "data"
    data.mkdir(parents=True)

    assert package_of(data) is None
    (tmp_path / "package" / "bagit.txt").touch()
    assert package_of(data) == package_of(data / ".") == tmp_path / "package"
    assert package_of(tmp_path / "package") is None
