/* Gives a process a number of threads, and no more: for LD_PRELOAD.
 *
 *   cc -shared -fPIC -O1 -o threads.so tool/faults/threads.c
 *
 * THREADS names a file with one number: how many threads may live at once, beside
 * the first. It is read at every start of a thread, so a limit can go up and down
 * while the program runs. With "total" behind the number it counts all threads
 * that were ever started. Beyond it pthread_create answers EAGAIN, as the kernel
 * does at the limit of a user (ulimit -u) or of a control group (pids.max).
 * PEAK names a file for the largest number, if it is wanted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_int living, started, most;

struct start {
  void *(*run)(void *);
  void *argument;
};

static void ended(void *unused) {
  (void)unused;
  atomic_fetch_sub(&living, 1);
}

static void *run(void *data) {
  struct start start = *(struct start *)data;
  void *result;
  free(data);
  pthread_cleanup_push(ended, NULL);
  result = start.run(start.argument);
  pthread_cleanup_pop(1);
  return result;
}

static int is_refused(int now) {
  const char *path = getenv("THREADS");
  char mode[16] = "";
  int limit, all = atomic_load(&started) + 1;
  FILE *file = path ? fopen(path, "re") : NULL;
  if (!file) return 0;
  if (fscanf(file, "%d %15s", &limit, mode) < 1) limit = 1 << 30;
  fclose(file);
  return (strcmp(mode, "total") == 0 ? all : now) > limit;
}

static void note(int now) {
  const char *path = getenv("PEAK");
  int before = atomic_load(&most);
  while (now > before && !atomic_compare_exchange_weak(&most, &before, now)) {}
  if (path && now > before) {
    FILE *file = fopen(path, "we");
    if (!file) return;
    fprintf(file, "%d\n", now);
    fclose(file);
  }
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*routine)(void *), void *argument) {
  static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  struct start *start;
  int now, result;
  if (!real) real = dlsym(RTLD_NEXT, "pthread_create");
  now = atomic_fetch_add(&living, 1) + 1;
  if (is_refused(now)) {
    atomic_fetch_sub(&living, 1);
    return EAGAIN;
  }
  start = malloc(sizeof *start);
  start->run = routine;
  start->argument = argument;
  result = real(thread, attributes, run, start);
  if (result != 0) {
    free(start);
    atomic_fetch_sub(&living, 1);
  } else {
    atomic_fetch_add(&started, 1);
    note(now);
  }
  return result;
}
