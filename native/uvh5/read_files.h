#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "uvh5/read_file.h"

namespace pointing {

// Reads many files with all readers at once: a thread for each, the calling one among them, since a cold disk
// answers several questions in the time of one. Returns when all are read; reading i is of path i. A reader
// keeps what it has learnt for the next call.
std::vector<FileReading> readHeadersOf(std::span<const std::string> paths,
                                       std::span<const std::unique_ptr<HeaderReader>> readers);

}  // namespace pointing
