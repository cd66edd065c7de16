// usage: make_hostile                   lists the kinds, each with the code that reading it must give
//        make_hostile KIND PATH         writes one
#include <cstdio>
#include <cstring>

#include "hostile_files.h"

int main(int argc, char** argv) {
  if (argc != 1 && argc != 3) return std::fprintf(stderr, "usage: make_hostile [KIND PATH]\n"), 2;
  for (const auto& kind : pointing::hostileKinds()) {
    if (argc == 1) std::printf("%s %s\n", kind.name, kind.code);
    if (argc == 3 && std::strcmp(argv[1], kind.name) == 0) return kind.write(argv[2]), 0;
  }
  if (argc == 1) return 0;
  return std::fprintf(stderr, "make_hostile: %s is not a kind\n", argv[1]), 2;
}
