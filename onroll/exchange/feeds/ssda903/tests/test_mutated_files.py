"""Files that were damaged in every way: each is read, or refused in words. Nothing else comes out."""

import io
import random
import zipfile

import pytest

from onroll.exchange.feeds.ssda903.checking import check
from onroll.exchange.plans import Options
from onroll.exchange.problems import Unreadable
from onroll.exchange.reading import Upload, unpacked

from .conftest import MIA, MIA_IN_CARE, a_file, episodes, headers

CSV_FILES = [
    headers(MIA, "0043,1,01/02/2010,WIRI,UN4,1.0,05/06/2025"),
    episodes(MIA_IN_CARE, "0043,01/04/2015,S,V4,N2,T0,,02/05/2016,X1,CARPL,,2TR,"),
    a_file("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE", "0042,06/05/2009,01/07/2016,PN1"),
    a_file("oc2.csv", "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED", "0042,06/05/2009,12,,0", "0043,01/02/2010,,SDQ4,"),
    a_file("oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "0042,06/05/2009,YES,F1,B1"),
    a_file("uasc.csv", "CHILD,SEX,DOB,DUC", "0043,1,01/02/2010,"),
    a_file("missing.csv", "CHILD,DOB,MISSING,MIS_START,MIS_END", "0042,06/05/2009,M,01/08/2016,03/08/2016"),
    a_file("pp.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM", "0042,06/05/2009,P1,301,zz/zz/2011"),
]
XML_FILE = Upload(
    "return.xml",
    b"<?xml version='1.0' encoding='us-ascii'?><EXPSSDA903><CHILD><HEADER><CHILDID>0042</CHILDID><SEX>2</SEX>"
    b"<DOB>06/05/2009</DOB><ETHNIC>WBRI</ETHNIC><UPN>H801200001001</UPN><AREVIEW><REVIEW>01/07/2016</REVIEW>"
    b"<REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW><OC2><SDQ_SCORE>14</SDQ_SCORE></OC2></HEADER><EPISODE>"
    b"<DECOM>10/06/2016</DECOM><RNE>S</RNE><LS>C2</LS><PL>U6</PL><DEC/></EPISODE></CHILD></EXPSSDA903>",
)
_WORDS = ["", "\0", '"', '""', ",", ";", "\n", "\r", "\t", "=1+1", "1.2E+12", "-1", "31/02/2016", "01/01/0000", "CHILD"]
_MARKUP = ["<", "&x;", "<!DOCTYPE r>", "<!--", "]]>", "PK\x03\x04", "\u202e", "😀", "٣", "9" * 40, "x" * 40_000]
PIECES = [piece.encode() for piece in _WORDS + _MARKUP] + [b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\x81"]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few bits, pieces and ends changed."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(6):
            case 0 if changed:
                changed[min(at, len(changed) - 1)] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at:]
            case 2:
                changed[at:at] = chance.choice(PIECES)
            case 3:
                changed[at : at + chance.randrange(30)] = chance.choice(PIECES)
            case 4:
                changed[at:at] = changed[chance.randrange(len(changed) + 1) :][:200]
            case _:
                del changed[at : at + chance.randrange(60)]
    return bytes(changed)


def a_damaged_return(chance: random.Random) -> list[Upload]:
    if chance.random() < 0.25:
        return [Upload(XML_FILE.name, damaged(XML_FILE.data, chance))]
    files = [
        Upload(file.name, damaged(file.data, chance)) if chance.random() < 0.5 else file
        for file in chance.sample(CSV_FILES, chance.randint(1, len(CSV_FILES)))
    ]
    if chance.random() < 0.5:
        return files
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.data)
    data = packed.getvalue()
    return [Upload("return.zip", damaged(data, chance) if chance.random() < 0.5 else data)]


def read_or_refused(seed: int) -> bool:
    """Whether the damaged return of this seed could be read. Any other error than a refusal fails the test."""
    uploads = a_damaged_return(random.Random(seed))
    try:
        check(unpacked(uploads), Options())
    except Unreadable as refusal:
        return not str(refusal)
    return True


@pytest.mark.proves("UPL-4")
def test_a_thousand_damaged_returns_are_read_or_refused_in_words():
    read = sum(read_or_refused(seed) for seed in range(1_000))

    # A test that refuses everything, or nothing, would prove nothing.
    assert 200 < read < 900


@pytest.mark.nightly
def test_ten_thousand_damaged_returns_are_read_or_refused_in_words():
    for seed in range(1_000, 11_000):
        read_or_refused(seed)
