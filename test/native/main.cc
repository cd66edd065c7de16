// usage: pointing_tests FIXTURES_DIRECTORY [doctest's options]
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "support.h"

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: %s FIXTURES_DIRECTORY [options]\n", argv[0]), 2;
  pointing::fixtures() = argv[1];
  return doctest::Context(argc - 1, argv + 1).run();
}
