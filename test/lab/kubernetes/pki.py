"""Makes the keys and certificates of one cluster: pki.py FOLDER

Two authorities, as the API server wants them: `ca` signs all servers and clients, `front-proxy-ca`
only what the API server shows to servers that extend its API. Everything is valid for a year, as
on K3s. Keys are P-256: made in no time, and every part of the cluster takes them.
"""

import datetime
import ipaddress
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

folder = sys.argv[1]
now = datetime.datetime.now(datetime.timezone.utc)


def write(name: str, data: bytes) -> None:
    with open(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(data)


def new_key(name: str) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    pkcs8 = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    write(f"{name}.key", key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return key


def subject(common_name: str, groups: list[str]) -> x509.Name:
    names = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([*names, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def certificate(name, key, owner, issuer, issuer_key, is_ca, alternatives=None):
    days = datetime.timedelta(days=365)
    builder = (
        x509.CertificateBuilder()
        .subject_name(owner)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + days)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=False, key_encipherment=not is_ca,
                data_encipherment=False, key_agreement=False, key_cert_sign=is_ca,
                crl_sign=is_ca, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )
    if not is_ca:
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    signed = builder.sign(issuer_key, hashes.SHA256())
    write(f"{name}.crt", signed.public_bytes(serialization.Encoding.PEM))


def authority(name: str):
    key = new_key(name)
    owner = subject(f"lab-{name}", [])
    certificate(name, key, owner, owner, key, is_ca=True)
    return owner, key


def leaf(name, authority_of, common_name, groups=(), alternatives=None) -> None:
    issuer, issuer_key = authority_of
    owner = subject(common_name, list(groups))
    certificate(name, new_key(name), owner, issuer, issuer_key, False, alternatives)


ca = authority("ca")
front_proxy_ca = authority("front-proxy-ca")

hosts = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"]
loopback = [
    *(x509.DNSName(host) for host in hosts),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("10.43.0.1")),
]
leaf("apiserver", ca, "kube-apiserver", alternatives=loopback)
leaf("kubelet", ca, "system:node:home", ["system:nodes"], alternatives=loopback)
leaf("admin", ca, "lab-admin", ["system:masters"])
leaf("node-keeper", ca, "lab-node-keeper", ["system:masters"])
leaf("kubelet-client", ca, "kube-apiserver-kubelet-client", ["system:masters"])
leaf("controller-manager", ca, "system:kube-controller-manager")
leaf("scheduler", ca, "system:kube-scheduler")
leaf("front-proxy", front_proxy_ca, "front-proxy-client")

accounts = new_key("service-accounts")
write(
    "service-accounts.pub",
    accounts.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ),
)
