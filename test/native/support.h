#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "uvh5/read_file.h"

namespace pointing {

std::filesystem::path& fixtures();  // set by main

std::vector<std::byte> bytesOf(const std::string& path);
void writeBytes(const std::string& path, std::span<const std::byte> bytes);
// How many random cases to try where the whole run tries so many: RANDOM_CASES_PERCENT of them, 100 if it is
// not set.
unsigned casesOf(unsigned all);
void makeOld(const std::string& path);  // an hour, so that no lock is asked for

Result<PointingHeader> readDirect(const std::string& path);
Result<PointingHeader> readLibhdf5(const std::string& path);

}  // namespace pointing
