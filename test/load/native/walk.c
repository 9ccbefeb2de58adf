/* What reading the names of a whole folder tree cannot cost less than: openat and getdents64, nothing of any file.
 * usage: walk FOLDER ROUNDS */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "timing.h"

enum { room = 32 * 1024 };

struct entry {
  unsigned long inode;
  long offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

static long files;

static void walk(int folder) {
  char *names = malloc(room);
  long length;
  while ((length = syscall(SYS_getdents64, folder, names, room)) > 0) {
    for (long at = 0; at < length;) {
      struct entry *entry = (struct entry *)(names + at);
      at += entry->length;
      if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0) continue;
      if (entry->type != DT_DIR) {
        files++;
        continue;
      }
      int inner = openat(folder, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (inner < 0) continue;
      walk(inner);
      close(inner);
    }
  }
  free(names);
}

int main(int argc, char **argv) {
  int rounds = argc > 2 ? atoi(argv[2]) : 1;
  double *ms = calloc(rounds, sizeof *ms);
  for (int round = 0; round < rounds; round++) {
    double begun = cpu_ms();
    int folder = open(argc > 1 ? argv[1] : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    files = 0;
    walk(folder);
    close(folder);
    ms[round] = cpu_ms() - begun;
  }
  print_rounds(ms, rounds, files);
}
