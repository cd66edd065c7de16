// What the libhdf5 child can and cannot do once it is confined. Each check runs in a process of its own.
#include "libhdf5/confinement.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <thread>

#include "direct/direct_reader.h"
#include "libhdf5/libhdf5_reader.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

// 0 where the call was refused with EPERM or EACCES.
int refused(long result) { return result < 0 && (errno == EPERM || errno == EACCES) ? 0 : 1; }

int inConfinedChild(const std::function<int()>& check) {
  const pid_t child = fork();
  if (child == 0) {
    const Confinement confinement = confine();
    _exit(confinement.systemCalls ? check() : 99);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE_MESSAGE(WIFEXITED(status), "signal " << WTERMSIG(status));
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("confined, neither writing nor a socket nor a program nor another process is within reach") {
  const ScratchDirectory directory;
  const std::string file = directory.file("file", "contents"), absent = directory / "absent";
  const pid_t parent = getpid();
  const auto check = [](const char* what, const std::function<int()>& refusedCall) {
    CAPTURE(what);
    CHECK(inConfinedChild(refusedCall) == 0);
  };
  check("write", [&] { return refused(open(file.c_str(), O_WRONLY)); });
  check("read and write", [&] { return refused(open(file.c_str(), O_RDWR | O_CLOEXEC)); });
  check("truncate on opening", [&] { return refused(open(file.c_str(), O_RDONLY | O_TRUNC)); });
  check("create", [&] { return refused(open(absent.c_str(), O_CREAT | O_RDONLY, 0600)); });
  check("truncate", [&] { return refused(truncate(file.c_str(), 0)); });
  check("unlink", [&] { return refused(unlink(file.c_str())); });
  check("rename", [&] { return refused(rename(file.c_str(), absent.c_str())); });
  check("link", [&] { return refused(link(file.c_str(), absent.c_str())); });
  check("symlink", [&] { return refused(symlink("x", absent.c_str())); });
  check("mkdir", [&] { return refused(mkdir(absent.c_str(), 0700)); });
  check("mkfifo", [&] { return refused(mkfifo(absent.c_str(), 0600)); });
  check("chmod", [&] { return refused(chmod(file.c_str(), 0777)); });
  check("times", [&] { return refused(utimensat(AT_FDCWD, file.c_str(), nullptr, 0)); });
  check("socket", [] { return refused(socket(AF_INET, SOCK_STREAM, 0)); });
  check("local socket", [] { return refused(socket(AF_UNIX, SOCK_DGRAM, 0)); });
  check("program", [] {
    char* const none[] = {nullptr};
    return refused(execve("/bin/true", none, none));
  });
  check("process", [] { return refused(fork()); });
  check("signal", [&] { return refused(kill(parent, SIGCONT)); });
  check("signal to a thread", [&] { return refused(syscall(SYS_tgkill, parent, parent, SIGCONT)); });
  const int readable = open(file.c_str(), O_RDONLY);
  check("owner of a descriptor", [&] { return refused(fcntl(readable, F_SETOWN, parent)); });
  check("signal of a descriptor", [&] { return refused(fcntl(readable, F_SETSIG, SIGKILL)); });
  check("owner of a descriptor, at length", [&] {
    const f_owner_ex owner = {F_OWNER_PID, parent};
    return refused(fcntl(readable, F_SETOWN_EX, &owner));
  });
  for (const unsigned long request :
       {static_cast<unsigned long>(FIOSETOWN), static_cast<unsigned long>(SIOCSPGRP),
        static_cast<unsigned long>(FIOASYNC), static_cast<unsigned long>(TIOCSTI),
        static_cast<unsigned long>(TIOCLINUX), static_cast<unsigned long>(TIOCSPGRP),
        static_cast<unsigned long>(TIOCSCTTY), static_cast<unsigned long>(TIOCSWINSZ),
        static_cast<unsigned long>(FS_IOC_SETFLAGS), static_cast<unsigned long>(FS_IOC_FSSETXATTR)}) {
    check("ioctl", [&] {
      int argument = parent;
      return refused(ioctl(readable, request, &argument));
    });
  }
  for (const int lock : {F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW}) {
    check("lock of a part", [&] {
      struct flock part = {};
      part.l_type = F_RDLCK;
      part.l_whence = SEEK_SET;
      return refused(fcntl(readable, lock, &part));
    });
  }
  check("lease", [&] { return refused(fcntl(readable, F_SETLEASE, F_RDLCK)); });
  for (const int lock : {LOCK_EX | LOCK_NB, LOCK_SH}) {
    check("lock of the whole", [&] { return refused(flock(readable, lock)); });
  }
  close(readable);
  check("priority", [&] { return refused(setpriority(PRIO_PROCESS, static_cast<id_t>(parent), 19)); });
  check("processors", [&] {
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    return refused(sched_setaffinity(parent, sizeof first, &first));
  });
  check("limit", [] {
    const rlimit limit = {1 << 20, 1 << 20};
    return refused(setrlimit(RLIMIT_DATA, &limit));
  });
  check("shared memory", [] { return refused(shmget(IPC_PRIVATE, 4096, 0600)); });
  check("message queue", [] { return refused(syscall(SYS_mq_open, "none", O_RDONLY, 0, nullptr)); });
  check("attributes of a file", [] { return refused(syscall(469, AT_FDCWD, "", nullptr, 0, 0)); });
  check("io_uring", [] { return refused(syscall(425, 1, nullptr)); });
}

TEST_CASE("confined by Landlock, the memory of another process is closed") {
  const std::string memory = "/proc/" + std::to_string(getpid()) + "/mem";
  const pid_t child = fork();
  if (child == 0) {
    const Confinement confinement = confine();
    _exit(confinement.landlockVersion == 0 || refused(open(memory.c_str(), O_RDONLY)) == 0 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE(
    "threads from before are confined too, and files are read, memory had and threads started as ever") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5", compressed = directory / "compressed.hdf5";
  writeObservation(path, {});
  writeObservation(compressed, {.gzip = true});
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<bool> isConfined = false;
    int failures = 0;
    std::thread earlier([&] {
      while (!isConfined) std::this_thread::yield();
      failures += refused(open(path.c_str(), O_WRONLY));
    });
    const Confinement confinement = confine();
    isConfined = true;
    earlier.join();
    if (!confinement.systemCalls) failures += 99;
    std::thread later([&] {
      DirectReader direct;
      if (!readHeaderOf(path, direct).header.ok()) ++failures;
    });
    later.join();
    Libhdf5Reader libhdf5;
    for (const std::string& file : {path, compressed}) {
      if (!readHeaderOf(file, libhdf5).header.ok()) ++failures;
    }
    std::vector<char> memory(100 << 20, 'x');
    rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0) ++failures;
    int ends[2], waiting = -1;
    if (pipe(ends) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 || ioctl(ends[0], FIOCLEX) != 0 ||
        ioctl(ends[0], FIONREAD, &waiting) != 0 || waiting != 0) {
      ++failures;
    }
    _exit(failures + (memory[12345] == 'x' ? 0 : 1));
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
