#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes pass.json, the test vectors of common/pass/FORMAT.md.

A second implementation of the format, written from the document and sharing nothing with the C
code: own CBOR, Ed25519 from python3-cryptography. Nothing runs it but whoever changes the format:

    python3 tests/vectors/pass.py > tests/vectors/pass.json
"""
import base64, json
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

WIDTHS = (0, 3, 5, 8, 10, 13, 15, 17)
NOW = 1795312800                                     # 2026-11-22 02:00:00 UTC


def head(major, n):
    if n < 24: return bytes([major << 5 | n])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << 8 * size: return bytes([major << 5 | code]) + n.to_bytes(size, "big")


def cbor(v):
    if isinstance(v, int): return head(0, v) if v >= 0 else head(1, -1 - v)
    if isinstance(v, bytes): return head(2, len(v)) + v
    if isinstance(v, str): return head(3, len(v.encode())) + v.encode()
    if isinstance(v, list): return head(4, len(v)) + b"".join(map(cbor, v))
    pairs = sorted((cbor(k), cbor(x)) for k, x in v.items())
    return head(5, len(pairs)) + b"".join(k + x for k, x in pairs)


def digits_of(data):
    out = ""
    for i in range(0, len(data), 7):
        group = data[i:i + 7]
        out += str(int.from_bytes(group, "big")).zfill(WIDTHS[len(group)])
    return out


class Key:
    def __init__(self, kid, byte, nbf=1767225600, exp=1830297600):
        self.kid, self.seed, self.nbf, self.exp = kid, bytes([byte] * 32), nbf, exp
        self.private = Ed25519PrivateKey.from_private_bytes(self.seed)

    def jwk(self):
        x = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid,
                "x": base64.urlsafe_b64encode(x).decode().rstrip("="),
                "nbf": self.nbf, "exp": self.exp}

    def sign1(self, payload, protected=None, unprotected=None):
        protected = cbor(protected or {1: -8, 4: self.kid.encode()})
        signature = self.private.sign(cbor(["Signature1", protected, b"", payload]))
        return cbor([protected, unprotected or {}, payload, signature])


def claims(**change):
    c = {"crossing": 1000000000001, "version": 1, "plate": "29C12345", "gate": 1, "direction": 1,
         "class": 0, "not_before": NOW - 3600, "expires": NOW + 86400}
    return {**c, **change}


def payload(c):
    order = ("crossing", "version", "plate", "gate", "direction", "class", "not_before")
    return cbor({4: c["expires"], -65537: [c[n] for n in order]})


def signed(key, c, lead=None):
    return f"{c['crossing'] if lead is None else lead:014d}" + digits_of(key.sign1(payload(c)))


def wrapped(token, c):
    return f"{c['crossing']:014d}" + digits_of(token)


def revocations(key, gate, issued, expires, entries):
    flat, last = [], 0
    for crossing, below in entries:
        serial = crossing - gate * 10**12
        flat += [serial - last, below]
        last = serial
    return key.sign1(cbor({4: expires, 6: issued, -65538: [gate, flat]}))


K1, K2 = Key("k1", 1), Key("k2", 2)
TWIN_OLD, TWIN_NEW = Key("r", 3), Key("r", 4)                      # rotation under one kid
RETIRED = Key("k3", 5, exp=NOW - 1)
FUTURE = Key("k4", 6, nbf=NOW + 1)
STRANGER = Key("k9", 9)
IMPOSTOR = Key("k1", 10)                                            # claims to be k1
KEYS = [K1, K2, TWIN_OLD, TWIN_NEW, RETIRED, FUTURE]
VECTORS = []


def add(name, digits, verdict, c=None, key=None, now=NOW, **more):
    v = {"name": name, "now": now, "digits": digits, "verdict": verdict}
    if c: v["claims"] = c
    if key: v["signed_by"] = key.seed.hex(); v["kid"] = key.kid
    VECTORS.append({**v, **more})


def valid_ones():
    for name, key, c in (
            ("export", K1, claims()),
            ("import of a Chinese truck", K2, claims(crossing=2000000000777, plate="桂F12345", gate=2,
             direction=0, **{"class": 2})),
            ("Chinese trailer plate", K1, claims(plate="桂F1234挂", direction=0)),
            ("new vehicle by VIN, version 255: the full 128 bytes", K1,
             claims(crossing=1999999999999, plate="LSGGG54X8KS123456", version=255, **{"class": 4})),
            ("highest numbers", K1, claims(crossing=99999999999999, version=65535, plate="7",
             gate=99, **{"class": 23}, expires=4294967295)),
            ("two keys of one kid: the first", TWIN_OLD, claims()),
            ("two keys of one kid: the second", TWIN_NEW, claims(version=2))):
        add(name, signed(key, c), "valid", c, key)
    c = claims()
    add("first second", signed(K1, c), "valid", c, K1, now=c["not_before"])
    add("last second", signed(K1, c), "valid", c, K1, now=c["expires"] - 1)


def refused_by_time_or_key():
    c = claims()
    add("expired to the second", signed(K1, c), "expired", c, K1, now=c["expires"])
    add("not yet, by a second", signed(K1, c), "not_yet", c, K1, now=c["not_before"] - 1)
    add("key retired", signed(RETIRED, c), "key_not_valid", c, RETIRED)
    add("key not valid yet", signed(FUTURE, c), "key_not_valid", c, FUTURE)
    add("unknown key", signed(STRANGER, c), "key_unknown")
    add("wrong prefix", signed(K1, c, lead=c["crossing"] + 1), "mismatch", c)
    add("wrong prefix and expired", signed(K1, c, lead=2), "mismatch", c, now=c["expires"])


def refused_by_signature():
    c, other = claims(), claims(plate="29C54321")
    add("signed by an impostor under a known kid", signed(IMPOSTOR, c), "forged")
    protected, sig = cbor({1: -8, 4: b"k1"}), K1.sign1(payload(c))[-64:]
    add("signature of other claims", wrapped(cbor([protected, {}, payload(other), sig]), c), "forged")
    add("signature zeroed", wrapped(cbor([protected, {}, payload(c), bytes(64)]), c), "forged")
    d = signed(K1, c)
    add("one digit of the signature misread", d[:-1] + str((int(d[-1]) + 1) % 8), "forged")


def refused_by_form():
    c = claims()
    d, p = signed(K1, c), payload(c)
    for n in (0, 1, 13, 14, 30, 47, 48, 49, 100, 200, len(d) - 17, len(d) - 1):
        add(f"cut after {n} digits", d[:n], "truncated")
    add("a digit too many", d + "0", "mangled")
    add("doubled scan", d + d[:17], "mangled")
    add("a letter", d[:100] + "O" + d[101:], "mangled")
    add("a blank", d[:100] + " " + d[101:], "mangled")
    add("a group above 7 bytes", d[:14 + 34] + "9" * 17 + d[14 + 51:], "mangled")
    add("first group of another format", d[:14] + "0" * 17 + d[31:], "mangled")
    tagged = b"\xd2" + K1.sign1(p)
    add("tagged COSE_Sign1", wrapped(tagged, c), "mangled")
    for name, protected, unprotected in (
            ("ES256 in the header", {1: -7, 4: b"k1"}, None),
            ("a critical header", {1: -8, 2: [99], 4: b"k1", 99: 1}, None),
            ("an unprotected header", None, {99: 1}),
            ("kid of five bytes", {1: -8, 4: b"k1k1k"}, None),
            ("kid of other characters", {1: -8, 4: b"k\0"}, None),
            ("no kid", {1: -8}, None)):
        add(name, wrapped(K1.sign1(p, protected, unprotected), c), "mangled")
    long_head = p.replace(cbor(c["not_before"]), b"\x1b" + c["not_before"].to_bytes(8, "big"))
    twice = b"\xa3" + p[1:7] + p[1:]
    order = b"\xa2" + p[7:] + p[1:7]
    for name, bad in (
            ("signed, but an integer longer than need be", long_head),
            ("signed, but exp twice", twice),
            ("signed, but claims out of order", order),
            ("signed, but a byte behind the claims", p + b"\x00"),
            ("signed, but indefinite array", p.replace(b"\x87\x1b", b"\x9f\x1b") + b"\xff"),
            ("signed, but no exp", cbor({-65537: [c["crossing"], 1, "29C12345", 1, 1, 0, NOW]})),
            ("signed, but another claim", cbor({4: NOW + 9, 7: b"x", -65537: [1, 1, "A", 1, 1, 0, 1]})),
            ("signed, but plate in small letters", payload(claims(plate="29c12345"))),
            ("signed, but plate of bad UTF-8",
             payload(claims(plate="29X12345")).replace(b"29X", b"29\xff")),
            ("signed, but a zero byte in the plate", payload(claims(plate="29C\x0012345"))),
            ("signed, but version 0", payload(claims(version=0))),
            ("signed, but direction 2", payload(claims(direction=2))),
            ("signed, but gate 100", payload(claims(gate=100))),
            ("signed, but it expires before it begins", payload(claims(expires=NOW - 3601)))):
        add(name, wrapped(K1.sign1(bad), c), "mangled")


def listed():
    entries = [(1000000000001, 2), (1000000000005, 2), (1000000000006, 65536), (1000000001000, 4)]
    whole = revocations(K1, 1, NOW - 600, NOW + 3000, entries)
    lists = [
        {"name": "four entries", "list": whole.hex(), "verdict": "valid", "gate": 1,
         "issued_at": NOW - 600, "expires_at": NOW + 3000, "signed_by": K1.seed.hex(), "kid": "k1",
         "entries": [list(e) for e in entries]},
        {"name": "empty", "list": revocations(K2, 2, NOW, NOW + 60, []).hex(), "verdict": "valid",
         "gate": 2, "issued_at": NOW, "expires_at": NOW + 60, "signed_by": K2.seed.hex(),
         "kid": "k2", "entries": []},
        {"name": "stale: still read, and judged by its age", "verdict": "expired",
         "list": revocations(K1, 1, NOW - 7200, NOW, entries[:1]).hex(), "gate": 1,
         "issued_at": NOW - 7200, "expires_at": NOW, "signed_by": K1.seed.hex(), "kid": "k1",
         "entries": [list(entries[0])]},
        {"name": "forged", "list": revocations(IMPOSTOR, 1, NOW, NOW + 60, entries).hex(),
         "verdict": "forged"},
        {"name": "unknown key", "list": revocations(STRANGER, 1, NOW, NOW + 60, entries).hex(),
         "verdict": "key_unknown"},
        {"name": "a pass is no list", "list": K1.sign1(payload(claims())).hex(),
         "verdict": "mangled"},
        {"name": "not sorted", "verdict": "mangled",
         "list": K1.sign1(cbor({4: NOW + 60, 6: NOW, -65538: [1, [5, 2, 0, 2]]})).hex()},
        {"name": "version without its crossing", "verdict": "mangled",
         "list": K1.sign1(cbor({4: NOW + 60, 6: NOW, -65538: [1, [5]]})).hex()},
        {"name": "cut", "list": whole[:-1].hex(), "verdict": "mangled"},
    ]
    add("superseded version, by the first list", signed(K1, claims()), "revoked", claims(), K1,
        revocation_list=0)
    c = claims(version=2)
    add("its successor", signed(K1, c), "valid", c, K1, revocation_list=0)
    c = claims(crossing=1000000000006, version=65535)
    add("revoked altogether", signed(K1, c), "revoked", c, K1, revocation_list=0)
    c = claims(crossing=1000000000002)
    add("between two entries", signed(K1, c), "valid", c, K1, revocation_list=0)
    c = claims(crossing=2000000000001, gate=2)
    add("of a gate the list does not cover", signed(K1, c), "valid", c, K1, revocation_list=0)
    return lists


valid_ones()
refused_by_time_or_key()
refused_by_signature()
refused_by_form()
LISTS = listed()
print(json.dumps({"format": "common/pass/FORMAT.md", "now": NOW,
                  "keys": {"keys": [k.jwk() for k in KEYS]}, "passes": VECTORS,
                  "revocation_lists": LISTS}, ensure_ascii=False, indent=1))
