#include "service/notify.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string>

#include "scratch_directory.h"

using pointing::notifyService;

namespace {

// A service manager's end of the protocol.
class Listener {
 public:
  explicit Listener(const std::string& name) : descriptor_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const std::size_t length = offsetof(sockaddr_un, sun_path) + name.size() + (name[0] == '@' ? 0 : 1);
    REQUIRE(bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)) ==
            0);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { close(descriptor_); }

  // Empty where nothing has come.
  std::string receive() const {
    char buffer[4096];
    const ssize_t got = recv(descriptor_, buffer, sizeof buffer, MSG_DONTWAIT);
    return got < 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(got));
  }

 private:
  int descriptor_;
};

}  // namespace

TEST_CASE("A message arrives whole, at a path and at an abstract name") {
  const ScratchDirectory scratch;
  const std::string abstract = "@pointing-monitor-test-" + std::to_string(getpid());
  for (const std::string& name : {scratch / "notify", abstract}) {
    const Listener listener(name);
    CHECK(notifyService(name, "READY=1\nSTATUS=all is well") == "");
    CHECK(listener.receive() == "READY=1\nSTATUS=all is well");
  }
}

TEST_CASE("Nobody there, or nothing that can be there, is said") {
  const ScratchDirectory scratch;
  CHECK(notifyService(scratch / "none", "READY=1") == "No such file or directory");
  CHECK(notifyService("relative", "READY=1") == "it is neither a path nor an abstract name");
  CHECK(notifyService("", "READY=1") == "it is neither a path nor an abstract name");
  CHECK(notifyService("/" + std::string(200, 'x'), "READY=1") == "its name is too long for a socket");
}

TEST_CASE("A manager that does not read is not waited for") {
  const ScratchDirectory scratch;
  const Listener listener(scratch / "notify");
  std::string problem;
  for (int i = 0; i < 100000 && problem.empty(); ++i) {
    problem = notifyService(scratch / "notify", std::string(1000, 'x'));
  }
  CHECK(problem == "Resource temporarily unavailable");
}
