#pragma once
#include <string>

namespace simulator {

// How a file comes into a directory.
enum class Arrival {
  rename,   // written as NAME_incomplete.hdf5, then renamed: the correlator itself
  inPlace,  // written under its final name: scp, cp, network file systems
  rsync,    // written as .NAME.hdf5.Ab12Cd, then renamed
};

// The name under which the file is written.
std::string workingName(Arrival arrival, const std::string& finalName);

}  // namespace simulator
