"""Documents with odd bytes, and JSON with odd values."""

from __future__ import annotations

from hypothesis import strategies as st

# What has broken parsers: ends, signs of no width, numbers that no type has, depth.
ODD = (
    *(b"\0", b"\r", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"', b"'", b"\\"),
    *(b"9" * 5000, b"-1", b"1e400", b"nan", b"inf", b"0x10", "٣".encode(), b"true", b"null"),
    *(b"0000-00-00", b"99999-12-31", b"2024-02-30T25:61:61Z", b"-0001-01-01"),
    *(b"[" * 2000, b"{" * 2000, b"<" * 50, b"|" * 50, b"=", b"\x0b", b"\x1b]0;x\x07"),
    *("\u202e".encode(), "\u2028".encode(), "가".encode(), b"&x;", b"BEGIN:VEVENT\r\n"),
)


@st.composite
def damaged(draw, *documents):
    """Draw one of some documents, with a few spans of it replaced."""
    data = bytearray(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        data[start:end] = draw(st.one_of(st.sampled_from(ODD), st.binary(max_size=8)))
    return bytes(data)


def damaged_text(*documents):
    """Draw one of some documents with spans replaced, as a text."""
    encoded = (document.encode() for document in documents)
    return damaged(*encoded).map(lambda data: data.decode("utf-8", "replace"))


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(["\ud83d", "nul\0", "0000-00-00", "2024-01-01T00:00:00Z", "9" * 5000]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=3,
)


@st.composite
def odd_objects(draw, *objects):
    """Draw one of some JSON objects, in which a few values are removed or any others."""
    drawn = dict(draw(st.sampled_from(objects)))
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(sorted(drawn)))
        inner = drawn[name]
        if isinstance(inner, dict) and inner and draw(st.booleans()):
            drawn[name] = inner | {draw(st.sampled_from(sorted(inner))): draw(JSON)}
        elif draw(st.integers(0, 3)):
            drawn[name] = draw(JSON)
        elif len(drawn) > 1:
            del drawn[name]
    return drawn
