/* A file system that takes its time: each name in it is a file, and each answer comes after DELAY ms, or never when this
 * process is stopped. Speaks to the kernel itself (linux/fuse.h), so that it needs no library. Prints "ready", then one line
 * for each request. Ends, and with it the mount, when nobody holds its input open any more.
 * usage: slow-mount FOLDER DELAY */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int device;

static void answer(const struct fuse_in_header *in, int error, const void *body, size_t length) {
  struct fuse_out_header out = {.len = sizeof out + length, .error = error, .unique = in->unique};
  struct iovec parts[] = {{&out, sizeof out}, {(void *)body, length}};
  if (writev(device, parts, 2) < 0 && errno != ENOENT) exit(1);
}

static struct fuse_attr attributes(__u64 node) {
  struct fuse_attr attr = {.ino = node, .nlink = 1, .size = 2, .blksize = 4096};
  attr.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755;
  return attr;
}

static void serve(const struct fuse_in_header *in, const void *body) {
  switch (in->opcode) {
    case FUSE_INIT: {
      const struct fuse_init_in *asked = body;
      struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION};
      if (asked->minor < out.minor) out.minor = asked->minor;
      out.max_write = 4096;
      answer(in, 0, &out, sizeof out);
      return;
    }
    case FUSE_LOOKUP: {
      struct fuse_entry_out out = {.nodeid = 2, .attr = attributes(2)};
      answer(in, 0, &out, sizeof out);
      return;
    }
    case FUSE_GETATTR: {
      struct fuse_attr_out out = {.attr = attributes(in->nodeid)};
      answer(in, 0, &out, sizeof out);
      return;
    }
    case FUSE_OPEN:
    case FUSE_OPENDIR: {
      struct fuse_open_out out = {0};
      answer(in, 0, &out, sizeof out);
      return;
    }
    case FUSE_READ:
      answer(in, 0, "{}", 2);
      return;
    case FUSE_READDIR:
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
      answer(in, 0, NULL, 0);
      return;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
      return;
    default:
      answer(in, -ENOSYS, NULL, 0);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const char *folder = argv[1];
  int delay_ms = atoi(argv[2]);
  char options[128];
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device < 0) return perror("/dev/fuse"), 1;
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
  if (mount("slow", folder, "fuse.slow", MS_NOSUID | MS_NODEV, options) != 0) return perror(folder), 1;
  puts("ready");
  fflush(stdout);
  static char request[64 * 1024];
  struct pollfd sources[] = {{.fd = device, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  while (poll(sources, 2, -1) > 0) {
    if (sources[1].revents != 0) break;
    if (sources[0].revents & (POLLERR | POLLHUP)) break;
    long length = read(device, request, sizeof request);
    if (length < (long)sizeof(struct fuse_in_header)) continue;
    struct fuse_in_header *in = (struct fuse_in_header *)request;
    if (in->opcode != FUSE_INIT) {
      printf("request %u\n", in->opcode);
      fflush(stdout);
      usleep(delay_ms * 1000);
    }
    serve(in, request + sizeof *in);
  }
  umount2(folder, MNT_DETACH);
  return 0;
}
