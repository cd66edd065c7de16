#pragma once
#include <string>

namespace pointing {

// Sends one datagram to a local socket as sd_notify(3) does: a path, or after '@' a name of the abstract
// namespace. Never waits. Gives why it could not be sent; empty where it was.
std::string notifyService(const std::string& socketName, const std::string& message);

}  // namespace pointing
