"""A certificate is for the host that was asked, or the connection ends, whatever Twisted thinks of it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from service_identity import CertificateError, VerificationError

from crawler.wire.certificates import check_names
from tests.conftest import ACCOUNT, FAST, Program, rows
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply

if TYPE_CHECKING:
    import trustme

HOST = "img.gov.example"
ODD: dict[str, list[str] | None] = {
    "any": ["*"],
    "any-of-all": ["*.*.example"],
    "any-of-top": ["*.example"],
    "part": ["im*.gov.example"],
    "end": ["gov.example"],
    "other": ["www.gov.example"],
    "address-as-name": ["127.0.0.1"],
    "blank": [" "],
    "two-odd": ["*", "*.*"],
    "none": None,
    "no-names": [],
}
GOOD: dict[str, list[str] | None] = {
    "exact": [HOST],
    "capitals": ["IMG.Gov.Example"],
    "domain": ["*.gov.example"],
    "with-odd": ["*", "127.0.0.1", HOST],
    "with-others": ["www.gov.example", "*.gov.example"],
}


def issued(
    authority: trustme.CA, names: list[str] | None, folder: Path, begins: int = -1, ends: int = 1
) -> tuple[x509.Certificate, ssl.SSLContext]:
    """A certificate by that authority with these names (None: without the extension), and a server's context with it.

    `begins` and `ends` are days from now.
    """
    key, issuer = ec.generate_private_key(ec.SECP256R1()), authority.private_key_pem.bytes()
    signer = serialization.load_pem_private_key(issuer, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    now, subject = (
        datetime.now(UTC),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)]),
    )
    builder = (
        x509.CertificateBuilder(public_key=key.public_key(), subject_name=subject)
        .issuer_name(x509.load_pem_x509_certificate(authority.cert_pem.bytes()).subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
    )
    if names is not None:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )
    certificate = builder.sign(signer, hashes.SHA256())
    file = folder / "server.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return certificate, context


@pytest.fixture
def authority() -> trustme.CA:
    import trustme

    return trustme.CA()


@pytest.mark.parametrize("kind", ODD)
def test_a_certificate_for_another_host_or_for_none_is_refused(
    kind: str, authority: trustme.CA, tmp_path: Path
) -> None:
    certificate, _ = issued(authority, ODD[kind], tmp_path)

    for host in (HOST, "127.0.0.1", "::1"):
        with pytest.raises((VerificationError, CertificateError)):
            check_names(certificate, host)


@pytest.mark.parametrize("kind", GOOD)
def test_a_certificate_for_the_host_is_accepted_whatever_else_it_names(
    kind: str, authority: trustme.CA, tmp_path: Path
) -> None:
    check_names(issued(authority, GOOD[kind], tmp_path)[0], HOST)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_is_compared_with_addresses(host: str, authority: trustme.CA) -> None:
    pem = authority.issue_cert(str(ip_address(host))).cert_chain_pems[0].bytes()

    check_names(x509.load_pem_x509_certificate(pem), host)
    with pytest.raises(VerificationError):
        check_names(x509.load_pem_x509_certificate(pem), "127.0.0.2")


@pytest.mark.parametrize(
    ("begins", "ends", "known", "problem"),
    [(-9, -1, True, "has expired"), (1, 9, True, "not valid yet"), (-1, 9, False, "issued by")],
)
def test_a_certificate_that_is_not_trusted_is_named_as_the_reason(
    begins: int,
    ends: int,
    known: bool,
    problem: str,
    web: LoopbackWeb,
    thepaper: ThePaper,
    zhengwen: Program,
    archive_dir: Path,
    tmp_path: Path,
    authority: trustme.CA,
) -> None:
    issuer = web.authority if known else authority
    web.contexts["api.thepaper.cn"] = web.contexts["www.thepaper.cn"] = issued(
        issuer, ["*.thepaper.cn"], tmp_path, begins, ends
    )[1]

    zhengwen("crawl", ACCOUNT, *FAST, check=3)

    (row,) = rows(archive_dir, "SELECT outcome, reason FROM coverage")
    assert row["outcome"] == "unreachable"
    assert str(row["reason"]).startswith("certificate the certificate of ")
    assert problem in str(row["reason"])


def test_an_expired_certificate_is_accepted_of_the_hosts_that_are_named_alone(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path, tmp_path: Path
) -> None:
    old = issued(web.authority, ["*.thepaper.cn"], tmp_path, -9, -1)[1]
    web.contexts["api.thepaper.cn"] = web.contexts["www.thepaper.cn"] = old
    thepaper.add(Story(5_700_001, "关于招标的公告", ["公告正文。"]))

    refused = zhengwen("crawl", ACCOUNT, *FAST, check=3).stderr
    assert "has expired; -s OLD_CERTIFICATES=api.thepaper.cn" in refused and "robots" not in refused
    both = "OLD_CERTIFICATES=api.thepaper.cn,www.thepaper.cn"
    zhengwen("crawl", ACCOUNT, *FAST, "-s", both)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 1
    other = issued(web.authority, ["www.other.example"], tmp_path, -9, -1)[1]
    web.contexts["api.thepaper.cn"] = other
    assert "is for other hosts" in zhengwen("crawl", ACCOUNT, *FAST, "-s", both, check=3).stderr


def test_a_crawl_has_files_of_hosts_with_matching_certificates_alone(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path, tmp_path: Path
) -> None:
    kinds = ODD | GOOD
    hosts = {kind: f"{kind}.{HOST}" for kind in kinds}
    for kind, names in kinds.items():
        fitting = names and [
            name.lower().replace(HOST, hosts[kind]).replace("*.gov.example", f"*.{HOST}")
            for name in names
        ]
        web.sites[hosts[kind]] = lambda request: Reply(
            headers={"Content-Type": "image/png"}, body=b"\x89PNG"
        )
        web.contexts[hosts[kind]] = issued(web.authority, fitting, tmp_path)[1]
    pictures = [f"https://{host}/{kind}.png" for kind, host in hosts.items()]
    thepaper.add(Story(5_700_001, "关于招标的公告", ["公告正文。"], pictures=pictures))

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=0")

    stored = rows(archive_dir, "SELECT url FROM captures WHERE outcome = 'media'")
    assert sorted(
        str(row["url"]).rpartition("/")[2] for row in stored if HOST in str(row["url"])
    ) == sorted(f"{kind}.png" for kind in GOOD)
    assert {request.host for request in web.log if HOST in request.host} == {
        hosts[kind] for kind in GOOD
    }
    failures = rows(archive_dir, "SELECT url, reason, detail FROM failures")
    assert sorted(
        (str(row["url"]).rpartition("/")[2], row["reason"]) for row in failures
    ) == sorted((f"{kind}.png", "certificate") for kind in ODD)
    details = {str(row["detail"]) for row in failures}
    assert f"the certificate of other.{HOST} is for other hosts" in details
