/* Many processes of one account that only sleep, with command lines as long as a developer's. This one ends them when nobody
 * holds its input open any more, so that not even a killed bench leaves any behind.
 * usage: sleepers COUNT UID GID PROGRAM   PROGRAM: a copy of this file, as the account would run it */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(char **argv, int number) {
  char session[32];
  if (setgid(atoi(argv[3])) != 0 || setuid(atoi(argv[2])) != 0) _exit(1);
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* after the change of account, which would clear it */
  snprintf(session, sizeof session, "--session=%d", number);
  execl(argv[4], argv[4], session, "--workspace=/home/dev/work/repository-with-a-long-name/packages/app",
        "--config=/home/dev/.config/example/settings.json", "--log-level=info", "--allow=read,write,run", (char *)NULL);
  _exit(1);
}

int main(int argc, char **argv) {
  if (argc < 2 || strncmp(argv[1], "--session=", 10) == 0) {
    for (;;) pause();
  }
  setpgid(0, 0);
  for (int number = 0; number < atoi(argv[1]); number++) {
    if (fork() == 0) become(argv, number);
  }
  usleep(500 * 1000);
  if (waitpid(-1, NULL, WNOHANG) > 0) return 1; /* some could not start */
  puts("ready");
  fflush(stdout);
  char byte;
  while (read(0, &byte, 1) > 0);
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  while (waitpid(-1, NULL, 0) > 0);
  return 0;
}
