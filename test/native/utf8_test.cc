#include "scan/utf8.h"

#include <doctest/doctest.h>

using pointing::escapeBytes;
using pointing::isUtf8;

TEST_CASE("UTF-8 is taken up to each boundary of RFC 3629") {
  CHECK(isUtf8(""));
  CHECK(isUtf8("plain"));
  for (const char* text : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CAPTURE(escapeBytes(text));
    CHECK(isUtf8(text));
  }
}

TEST_CASE("What is not UTF-8 is refused") {
  for (const char* text : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
                           "a\xc2", "\xe2\x82", "\xf0\x9f\x98",
                           "\xc2"
                           "a",
                           "\xe2\x82"
                           "a"}) {
    CAPTURE(escapeBytes(text));
    CHECK_FALSE(isUtf8(text));
  }
}

TEST_CASE("Bytes beyond ASCII are shown as numbers") {
  CHECK(escapeBytes("caf\xe9 \xff") == "caf\\xe9 \\xff");
}
