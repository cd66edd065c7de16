#include "libhdf5/system_call_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace pointing {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

// Calls that are refused whatever their arguments. Those that one architecture or an older header lacks are
// left out. io_uring would make calls that no filter sees.
constexpr int kRefused[] = {
    // Sockets. A connection that is open can still be used: the parent's channel is one.
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    // Programs and processes.
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kill, SYS_tkill,
    SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_send_signal, SYS_unshare, SYS_setns,
    SYS_setpgid, SYS_setsid, SYS_kcmp, SYS_setpriority, SYS_sched_setparam, SYS_sched_setscheduler,
    SYS_sched_setattr, SYS_sched_setaffinity, SYS_ioprio_set, SYS_migrate_pages, SYS_move_pages,
    // Names, owners, modes and times of files.
    SYS_mkdirat, SYS_mknodat, SYS_unlinkat, SYS_renameat2, SYS_linkat, SYS_symlinkat, SYS_fchmod,
    SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_truncate, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
    // The system.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_init_module,
    SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
    SYS_add_key, SYS_request_key, SYS_keyctl, SYS_io_setup, SYS_open_by_handle_at, SYS_acct, SYS_quotactl,
    SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname,
    SYS_setrlimit,
    // Memory, messages and semaphores that processes of one user share by number or name.
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_semget, SYS_semop,
    SYS_semtimedop, SYS_semctl, SYS_mq_open, SYS_mq_unlink,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef __x86_64__
    SYS_fork, SYS_vfork, SYS_creat, SYS_mkdir, SYS_rmdir, SYS_mknod, SYS_unlink, SYS_rename, SYS_link,
    SYS_symlink, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, SYS_ioperm, SYS_iopl,
#endif
    // Since Linux 5.1, by numbers that are the same everywhere: pidfd_getfd, io_uring_*, the mount interface,
    // process_madvise, mount_setattr, landlock_*, memfd_secret, process_mrelease, fchmodat2, setxattrat,
    // removexattrat, file_setattr.
    438, 425, 426, 427, 428, 429, 430, 431, 432, 433, 440, 442, 444, 445, 446, 447, 448, 452, 463, 466, 469};

constexpr int kIoUringEnter = 426;

// The C library falls back to calls whose arguments a filter can see.
constexpr int kUnknown[] = {435 /* clone3 */, 437 /* openat2 */};

// Of the many uses of fcntl, those that have the kernel signal another process when something happens to a
// descriptor, and locks, which a descriptor for reading is enough for: SQLite's writers would wait for one on
// the database's index.
constexpr std::uint32_t kRefusedFcntl[] = {F_SETOWN,    F_SETSIG,     15 /* F_SETOWN_EX */, F_SETLK, F_SETLKW,
                                           F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE,           F_NOTIFY};
// What Node asks of its own descriptors. Others put input into the terminal on standard error, or change a
// file's flags through a descriptor for reading.
constexpr std::uint32_t kAllowedIoctl[] = {
    FIONBIO, FIOCLEX, FIONCLEX, FIONREAD, TCGETS, 0x802c542a /* TCGETS2 */, TIOCGWINSZ, TIOCGPGRP};

constexpr std::uint32_t kLowWord = 0, kHighWord = 4;  // of an argument, little-endian

std::uint32_t argument(unsigned index, std::uint32_t word = kLowWord) {
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + std::size_t{8} * index) + word;
}

// The program in the order in which it runs. Each test ends in a refusal or falls through to the next.
class Program {
 public:
  explicit Program(bool usesIoUring) {
    load(offsetof(seccomp_data, arch));
    unless(BPF_JEQ, kArchitecture, SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
#ifdef __x86_64__
    // The x32 variants of all calls have numbers of their own.
    when(BPF_JGE, 0x40000000, refuse(EPERM));
#endif
    for (const int call : kRefused) {
      if (call == kIoUringEnter && usesIoUring) continue;
      when(BPF_JEQ, static_cast<std::uint32_t>(call), refuse(EPERM));
    }
    for (const int call : kUnknown) when(BPF_JEQ, static_cast<std::uint32_t>(call), refuse(ENOSYS));
    constexpr std::uint32_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
    refuseWhereBits(SYS_openat, argument(2), kWriting);
#ifdef SYS_open
    refuseWhereBits(SYS_open, argument(1), kWriting);
#endif
    refuseWhereOneOf(SYS_fcntl, argument(1), kRefusedFcntl);
    refuseUnlessOneOf(SYS_ioctl, argument(1), kAllowedIoctl);
    // What a reader asks for to see whether a file is being written, and gives back at once.
    onCall(SYS_flock,
           {statement(BPF_LD | BPF_W | BPF_ABS, argument(1)), jump(BPF_JEQ, LOCK_SH | LOCK_NB, 2, 0),
            jump(BPF_JEQ, LOCK_UN, 1, 0), statement(BPF_RET | BPF_K, refuse(EPERM))});
    // A thread is started with CLONE_THREAD, a process without.
    onCall(SYS_clone, {statement(BPF_LD | BPF_W | BPF_ABS, argument(0)), jump(BPF_JSET, CLONE_THREAD, 1, 0),
                       statement(BPF_RET | BPF_K, refuse(EPERM))});
    // abort() signals its own process.
    onCall(SYS_tgkill, {statement(BPF_LD | BPF_W | BPF_ABS, argument(0)),
                        jump(BPF_JEQ, static_cast<std::uint32_t>(getpid()), 1, 0),
                        statement(BPF_RET | BPF_K, refuse(EPERM))});
    // Limits may be asked for, not set: the third argument points to the new one.
    for (const std::uint32_t word : {kLowWord, kHighWord}) {
      onCall(SYS_prlimit64, {statement(BPF_LD | BPF_W | BPF_ABS, argument(2, word)), jump(BPF_JEQ, 0, 1, 0),
                             statement(BPF_RET | BPF_K, refuse(EPERM))});
    }
    code_.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }

  sock_fprog get() { return {static_cast<unsigned short>(code_.size()), code_.data()}; }

 private:
  static std::uint32_t refuse(int error) { return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error); }
  static sock_filter statement(int code, std::uint32_t value) {
    return {static_cast<std::uint16_t>(code), 0, 0, value};
  }
  static sock_filter jump(int test, std::uint32_t value, std::uint8_t ifTrue, std::uint8_t ifFalse) {
    return {static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), ifTrue, ifFalse, value};
  }
  void load(std::size_t offset) {
    code_.push_back(statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  void when(int test, std::uint32_t value, std::uint32_t action) {
    code_.push_back(jump(test, value, 0, 1));
    code_.push_back(statement(BPF_RET | BPF_K, action));
  }
  void unless(int test, std::uint32_t value, std::uint32_t action) {
    code_.push_back(jump(test, value, 1, 0));
    code_.push_back(statement(BPF_RET | BPF_K, action));
  }
  // Runs the body for one call alone, with the call's number in the accumulator before and after.
  void onCall(int call, const std::vector<sock_filter>& body) {
    code_.push_back(
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, static_cast<std::uint8_t>(body.size() + 1)));
    code_.insert(code_.end(), body.begin(), body.end());
    load(offsetof(seccomp_data, nr));
  }
  void refuseWhereBits(int call, std::uint32_t at, std::uint32_t bits) {
    onCall(call, {statement(BPF_LD | BPF_W | BPF_ABS, at), jump(BPF_JSET, bits, 0, 1),
                  statement(BPF_RET | BPF_K, refuse(EPERM))});
  }
  void refuseWhereOneOf(int call, std::uint32_t at, std::span<const std::uint32_t> values) {
    std::vector<sock_filter> body = {statement(BPF_LD | BPF_W | BPF_ABS, at)};
    for (const std::uint32_t value : values) {
      body.push_back(jump(BPF_JEQ, value, 0, 1));
      body.push_back(statement(BPF_RET | BPF_K, refuse(EPERM)));
    }
    onCall(call, body);
  }

  void refuseUnlessOneOf(int call, std::uint32_t at, std::span<const std::uint32_t> values) {
    std::vector<sock_filter> body = {statement(BPF_LD | BPF_W | BPF_ABS, at)};
    for (std::size_t left = values.size(); const std::uint32_t value : values) {
      body.push_back(jump(BPF_JEQ, value, static_cast<std::uint8_t>(left--), 0));
    }
    body.push_back(statement(BPF_RET | BPF_K, refuse(EPERM)));
    onCall(call, body);
  }

  std::vector<sock_filter> code_;
};

}  // namespace

bool usesIoUring() {
  std::error_code error;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", error);
  if (error) return false;
  return std::any_of(begin(descriptors), end(descriptors), [](const auto& descriptor) {
    std::error_code gone;
    return std::filesystem::read_symlink(descriptor.path(), gone) == "anon_inode:[io_uring]";
  });
}

int filterSystemCalls() {
  if constexpr (kArchitecture == 0) return EOPNOTSUPP;
  Program program(usesIoUring());
  const sock_fprog code = program.get();
  // All threads, those that Node has started among them: else code in one could use another.
  const long refusing = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &code);
  if (refusing < 0) return errno;
  return refusing == 0 ? 0 : EBUSY;  // a thread has a filter of its own that this one cannot join
}

}  // namespace pointing
