#include "service/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace pointing {

namespace {

class Socket {
 public:
  Socket() : descriptor_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string systemMessage(int error) { return std::generic_category().message(error); }

}  // namespace

std::string notifyService(const std::string& socketName, const std::string& message) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool abstract = socketName.starts_with('@');
  if (!abstract && !socketName.starts_with('/')) return "it is neither a path nor an abstract name";
  if (socketName.size() >= sizeof address.sun_path) return "its name is too long for a socket";
  std::memcpy(address.sun_path, socketName.data(), socketName.size());
  if (abstract) address.sun_path[0] = '\0';
  // An abstract name is as long as it is said to be; a path ends with its NUL.
  const std::size_t length = offsetof(sockaddr_un, sun_path) + socketName.size() + (abstract ? 0 : 1);

  const Socket socket;
  if (socket.descriptor() < 0) return systemMessage(errno);
  const ssize_t sent = sendto(socket.descriptor(), message.data(), message.size(), MSG_NOSIGNAL,
                              reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length));
  return sent < 0 ? systemMessage(errno) : std::string();
}

}  // namespace pointing
