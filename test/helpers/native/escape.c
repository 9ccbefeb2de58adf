// What native code inside the service could try, once a flaw had let it in: each attempt with `ok`, or the reason it was refused.
// Usage: escape PID, of a process of root. Writes to nobody: addresses are wrong on purpose, so that EFAULT means "would have".
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void tell(const char *what, long result) {
  printf("%s %s\n", what, result >= 0 ? "ok" : strerrorname_np(errno));
  fflush(stdout);
}

// What was written is to be run: as code that an attacker has put into memory.
static long run_what_was_written(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void *code = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mprotect(code, page, PROT_READ | PROT_EXEC);
}

int main(int count, char **words) {
  if (count < 2) return 2;
  int pid = atoi(words[1]);
  char byte = 0, path[64];
  struct iovec local = {&byte, 1}, remote = {(void *)8, 1};
  tell("write-memory", process_vm_writev(pid, &local, 1, &remote, 1, 0));
  tell("read-memory", process_vm_readv(pid, &local, 1, &remote, 1, 0));
  snprintf(path, sizeof path, "/proc/%d/mem", pid);
  tell("open-memory-to-write", open(path, O_WRONLY));
  tell("trace", ptrace(PTRACE_SEIZE, pid, 0, 0));
  tell("take-descriptor", syscall(SYS_pidfd_open, pid, 0));
  tell("run-from-memory", memfd_create("x", 0));
  tell("run-what-was-written", run_what_was_written());
  tell("ring", syscall(SYS_io_uring_setup, 0, 0));
  tell("namespace", unshare(CLONE_NEWUSER));
  tell("mount", syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, ""));
  tell("become-root", setuid(0));
  tell("give-away", chown("/var/lib/cutoff/victim", 0, 0));
  tell("setuid-program", chmod("/var/lib/cutoff/victim", 04755));
  tell("signal-root", kill(pid, 0));
  tell("bus", socket(AF_UNIX, SOCK_STREAM, 0));
  tell("listen", listen(socket(AF_INET, SOCK_STREAM, 0), 1));
  tell("raw", socket(AF_PACKET, SOCK_RAW, 0));
  tell("module", syscall(SYS_init_module, 0, 0, ""));
  tell("key", syscall(SYS_keyctl, 0, 0, 0));
  return 0;
}
