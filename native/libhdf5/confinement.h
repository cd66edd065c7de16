#pragma once
#include <string>

namespace pointing {

// What keeps code that a file may have smuggled into libhdf5 from reaching anything else.
struct Confinement {
  // For all threads, by seccomp: no sockets, no exec, no new process, no opening for writing, no change to
  // any name, no hold on another process.
  bool systemCalls = false;
  // For the calling thread, by Landlock of this version, 0 where the kernel has none: the same again for
  // files and TCP, and the memory of other processes is closed.
  int landlockVersion = 0;
  std::string missing;  // why one of the two is not in force; empty where both are
};

// Confines this process, for good; needs no privileges. Files can still be read, threads started, and what is
// open already be used. Call it from the thread that runs libhdf5, once all that needs more is done.
Confinement confine();

}  // namespace pointing
