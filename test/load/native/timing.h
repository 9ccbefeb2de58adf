/* CPU time of this process, and the median of a few measured rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* {"count":…,"first":…,"later":…}: CPU ms of the first round and the median of the others. */
static void print_rounds(double *ms, int rounds, long count) {
  double first = ms[0];
  qsort(ms + 1, rounds - 1, sizeof *ms, ascending);
  printf("{\"count\":%ld,\"first\":%.3f,\"later\":%.3f}\n", count, first, rounds > 1 ? ms[1 + (rounds - 1) / 2] : first);
}
