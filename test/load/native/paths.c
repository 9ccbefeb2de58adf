/* What looking for a list of paths cannot cost less than: one lstat each.
 * usage: paths FILE ROUNDS   FILE: one path a line */
#define _GNU_SOURCE
#include <string.h>
#include <sys/stat.h>

#include "timing.h"

enum { most = 100000 };
static char *paths[most];

int main(int argc, char **argv) {
  FILE *list = argc > 1 ? fopen(argv[1], "r") : NULL;
  if (list == NULL) return 1;
  int rounds = argc > 2 ? atoi(argv[2]) : 1, count = 0;
  char *line = NULL;
  size_t room = 0;
  for (ssize_t length; count < most && (length = getline(&line, &room, list)) > 0; count++) {
    line[length - 1] = 0;
    paths[count] = strdup(line);
  }
  double *ms = calloc(rounds, sizeof *ms);
  long there = 0;
  for (int round = 0; round < rounds; round++) {
    double begun = cpu_ms();
    struct stat status;
    there = 0;
    for (int n = 0; n < count; n++) there += lstat(paths[n], &status) == 0;
    ms[round] = cpu_ms() - begun;
  }
  print_rounds(ms, rounds, there);
}
