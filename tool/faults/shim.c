// A library for LD_PRELOAD that lets calls to the file system fail, as a disk
// does that is full, broken, or unplugged. Linux, glibc.
//
//     cc -shared -fPIC -O2 -Wall -Wextra -Werror -o shim.so shim.c
//     FAULTS=/tmp/rules LD_PRELOAD=./shim.so some_program
//
// FAULTS names the file of the rules. It is read again before the next call
// whenever it has changed, so a test lets faults come and go while the program
// runs: write a new file beside it and rename it over the old one. Without the
// file nothing fails. A rule is a line:
//
//     CALL PATTERN ACTION [after=N] [times=N]
//
// CALL is one of
//     open       every way of opening a file, or creating one
//     write      write, writev, pwrite, pwritev
//     fdatasync, fsync, sync_file_range, fallocate, ftruncate
//     sync       any of the first three
//     rename, unlink, mkdir
//     thread     pthread_create; its PATTERN is matched with nothing: write *
//
// PATTERN is matched with the absolute path as in a shell, but * matches / as
// well: *.log, */MANIFEST-*, /tmp/store/*. A folder's path ends with /, so
// fsync */ is the sync of a folder. A rename is matched by its new path.
//
// ACTION is
//     ENOSPC     (or EIO, EDQUOT, EROFS, EMFILE, ENFILE, EFBIG, EACCES,
//                EAGAIN, or a number): the call does nothing and fails
//     torn:EIO   a write does half of its bytes, and then fails
//     done:EIO   the call does all that it should, and fails none the less
//     lie        the call does nothing and succeeds
//     kill       SIGKILL in the place of the call
//     wait:MS    the call is done MS milliseconds later
//
// after=N lets N matching calls pass first; times=N acts on N of them, then no
// more. The first rule that matches and still acts decides. Counts begin anew
// when the file changes. Lines that begin with # are left out; a line that is
// no rule ends the program, so that no test succeeds because of a typing error.
//
// Each fault is appended to the file FAULTS.hits: the call, the path, the
// action.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum action { FAIL, TORN, DONE, LIE, KILL, WAIT };

struct rule {
  char call[20];
  char pattern[512];
  enum action action;
  int number; // errno, or milliseconds
  long after, times;
  char text[24];
};

static struct rule rules[64];
static int count;
static struct timespec read_at;
static ino_t read_from;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void give_up(const char *what, const char *line) {
  dprintf(2, "tool/faults/shim.c: %s: %s\n", what, line);
  _exit(97);
}

static int errno_of(const char *name, const char *line) {
  static const struct { const char *name; int number; } known[] = {
      {"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EDQUOT", EDQUOT},
      {"EROFS", EROFS},   {"EMFILE", EMFILE}, {"ENFILE", ENFILE},
      {"EFBIG", EFBIG},   {"EACCES", EACCES}, {"EAGAIN", EAGAIN},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i].name) == 0) return known[i].number;
  int number = atoi(name);
  if (number <= 0) give_up("no errno that is known", line);
  return number;
}

static void read_rule(char *line) {
  if (count == (int)(sizeof rules / sizeof *rules)) give_up("too many rules", line);
  struct rule *rule = &rules[count];
  char action[24], option[2][32] = {"", ""};
  int parts = sscanf(line, "%19s %511s %23s %31s %31s", rule->call, rule->pattern, action,
                     option[0], option[1]);
  if (parts < 3) give_up("a rule is CALL PATTERN ACTION", line);
  rule->after = 0;
  rule->times = LONG_MAX;
  for (int i = 0; i < parts - 3; i++)
    if (sscanf(option[i], "after=%ld", &rule->after) != 1 &&
        sscanf(option[i], "times=%ld", &rule->times) != 1)
      give_up("not after=N or times=N", line);
  strcpy(rule->text, action);
  char *argument = strchr(action, ':');
  if (argument) *argument++ = 0;
  if (strcmp(action, "lie") == 0) rule->action = LIE;
  else if (strcmp(action, "kill") == 0) rule->action = KILL;
  else if (argument && strcmp(action, "wait") == 0) rule->action = WAIT, rule->number = atoi(argument);
  else {
    rule->action = argument ? (strcmp(action, "torn") == 0 ? TORN : DONE) : FAIL;
    if (argument && rule->action == DONE && strcmp(action, "done") != 0) give_up("no such action", line);
    rule->number = errno_of(argument ? argument : action, line);
  }
  count++;
}

// Reads the rules again when their file is another, or newer. Under the lock.
static void refresh(const char *path) {
  struct stat file;
  if (stat(path, &file) != 0) {
    count = 0;
    read_from = 0;
    return;
  }
  if (file.st_ino == read_from && file.st_mtim.tv_sec == read_at.tv_sec &&
      file.st_mtim.tv_nsec == read_at.tv_nsec)
    return;
  read_from = file.st_ino;
  read_at = file.st_mtim;
  count = 0;
  // The kernel is called itself: no descriptor may be refused by a rule here.
  int descriptor = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  static char text[16384];
  ssize_t length = descriptor < 0 ? -1 : read(descriptor, text, sizeof text - 1);
  if (descriptor >= 0) close(descriptor);
  // With no descriptor left the rules are read at the next call.
  if (length < 0) read_from = 0, length = 0;
  text[length] = 0;
  char *rest = text;
  for (char *line; (line = strsep(&rest, "\n"));)
    if (line[0] && line[0] != '#') read_rule(line);
}

static int names(const char *rule, const char *call) {
  if (strcmp(rule, call) == 0) return 1;
  return strcmp(rule, "sync") == 0 && (strcmp(call, "fsync") == 0 || strcmp(call, "fdatasync") == 0 ||
                                       strcmp(call, "sync_file_range") == 0);
}

static void tell(const char *control, const char *call, const char *path, const char *action) {
  char name[PATH_MAX];
  snprintf(name, sizeof name, "%s.hits", control);
  int descriptor = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) return;
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%s %s %s\n", call, path, action);
  syscall(SYS_write, descriptor, line, (size_t)length);
  close(descriptor);
}

// What is to happen to a call on the path; 1 if it is something.
static int decide(const char *call, const char *path, struct rule *decided) {
  const char *control = getenv("FAULTS");
  if (!control) return 0;
  int kept = errno, found = 0;
  pthread_mutex_lock(&lock);
  refresh(control);
  for (int i = 0; i < count && !found; i++) {
    struct rule *rule = &rules[i];
    if (!names(rule->call, call) || fnmatch(rule->pattern, path, 0) != 0) continue;
    if (rule->after > 0) rule->after--;
    else if (rule->times > 0) rule->times--, *decided = *rule, found = 1;
  }
  pthread_mutex_unlock(&lock);
  if (found) tell(control, call, path, decided->text);
  errno = kept;
  if (found && decided->action == KILL) kill(getpid(), SIGKILL);
  if (found && decided->action == WAIT) {
    struct timespec length = {decided->number / 1000, decided->number % 1000 * 1000000L};
    nanosleep(&length, NULL);
    return 0;
  }
  return found;
}

// There is nothing to ask for as long as there are no rules.
static int has_rules(void) {
  struct stat file;
  const char *control = getenv("FAULTS");
  int kept = errno, has = control && stat(control, &file) == 0 && file.st_size > 0;
  errno = kept;
  return has;
}

static void mark_folder(char *path) {
  struct stat file;
  if (stat(path, &file) == 0 && S_ISDIR(file.st_mode) && strlen(path) < PATH_MAX - 2) strcat(path, "/");
}

static int decide_open_file(const char *call, int descriptor, struct rule *decided) {
  if (!has_rules()) return 0;
  int kept = errno;
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 2);
  if (length >= 0) {
    path[length] = 0;
    mark_folder(path);
  }
  errno = kept;
  return length >= 0 && decide(call, path, decided);
}

static int decide_path(const char *call, int folder, const char *name, struct rule *decided) {
  if (!has_rules()) return 0;
  int kept = errno;
  char path[PATH_MAX * 2] = "";
  if (name[0] != '/') {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = folder == AT_FDCWD ? (getcwd(path, PATH_MAX) ? (ssize_t)strlen(path) : 0)
                                        : readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    strcat(path, "/");
  }
  strncat(path, name, PATH_MAX - 2);
  if (strlen(path) < PATH_MAX - 2) mark_folder(path);
  errno = kept;
  return decide(call, path, decided);
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

// What a decided call gives, where REALLY does it.
#define OUTCOME(decided, really) \
  do { \
    if ((decided).action == LIE) return 0; \
    if ((decided).action == DONE) (void)!(really); \
    errno = (decided).number; \
    return -1; \
  } while (0)

static int opened(int folder, const char *path, int flags, mode_t mode) {
  REAL(openat);
  struct rule decided;
  if (decide_path("open", folder, path, &decided)) {
    int descriptor = decided.action == DONE ? real(folder, path, flags, mode) : -1;
    if (descriptor >= 0) close(descriptor);
    errno = decided.number;
    return -1;
  }
  return real(folder, path, flags, mode);
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

#define WRITTEN(length, half, whole) \
  struct rule decided; \
  if (decide_open_file("write", descriptor, &decided)) { \
    if (decided.action == LIE) return (length); \
    if (decided.action == TORN) (void)!(half); \
    if (decided.action == DONE) (void)!(whole); \
    errno = decided.number; \
    return -1; \
  } \
  return whole

ssize_t write(int descriptor, const void *bytes, size_t length) {
  REAL(write);
  WRITTEN((ssize_t)length, real(descriptor, bytes, length / 2), real(descriptor, bytes, length));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t at) {
  REAL(pwrite);
  WRITTEN((ssize_t)length, real(descriptor, bytes, length / 2, at), real(descriptor, bytes, length, at));
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t at) { return pwrite(descriptor, bytes, length, at); }

static ssize_t length_of(const struct iovec *parts, int many) {
  ssize_t length = 0;
  for (int i = 0; i < many; i++) length += (ssize_t)parts[i].iov_len;
  return length;
}

ssize_t writev(int descriptor, const struct iovec *parts, int many) {
  REAL(writev);
  WRITTEN(length_of(parts, many), real(descriptor, parts, many / 2), real(descriptor, parts, many));
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int many, off_t at) {
  REAL(pwritev);
  WRITTEN(length_of(parts, many), real(descriptor, parts, many / 2, at), real(descriptor, parts, many, at));
}

ssize_t pwritev64(int descriptor, const struct iovec *parts, int many, off64_t at) { return pwritev(descriptor, parts, many, at); }

int fdatasync(int descriptor) {
  REAL(fdatasync);
  struct rule decided;
  if (decide_open_file("fdatasync", descriptor, &decided)) OUTCOME(decided, real(descriptor));
  return real(descriptor);
}

int fsync(int descriptor) {
  REAL(fsync);
  struct rule decided;
  if (decide_open_file("fsync", descriptor, &decided)) OUTCOME(decided, real(descriptor));
  return real(descriptor);
}

int sync_file_range(int descriptor, off64_t from, off64_t length, unsigned flags) {
  REAL(sync_file_range);
  struct rule decided;
  if (decide_open_file("sync_file_range", descriptor, &decided)) OUTCOME(decided, real(descriptor, from, length, flags));
  return real(descriptor, from, length, flags);
}

int fallocate(int descriptor, int mode, off_t from, off_t length) {
  REAL(fallocate);
  struct rule decided;
  if (decide_open_file("fallocate", descriptor, &decided)) OUTCOME(decided, real(descriptor, mode, from, length));
  return real(descriptor, mode, from, length);
}

int fallocate64(int descriptor, int mode, off64_t from, off64_t length) { return fallocate(descriptor, mode, from, length); }

int ftruncate(int descriptor, off_t length) {
  REAL(ftruncate);
  struct rule decided;
  if (decide_open_file("ftruncate", descriptor, &decided)) OUTCOME(decided, real(descriptor, length));
  return real(descriptor, length);
}

int ftruncate64(int descriptor, off64_t length) { return ftruncate(descriptor, length); }

int rename(const char *from, const char *to) {
  REAL(rename);
  struct rule decided;
  if (decide_path("rename", AT_FDCWD, to, &decided)) OUTCOME(decided, real(from, to));
  return real(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  REAL(renameat);
  struct rule decided;
  if (decide_path("rename", to_folder, to, &decided)) OUTCOME(decided, real(from_folder, from, to_folder, to));
  return real(from_folder, from, to_folder, to);
}

int unlink(const char *path) {
  REAL(unlink);
  struct rule decided;
  if (decide_path("unlink", AT_FDCWD, path, &decided)) OUTCOME(decided, real(path));
  return real(path);
}

int unlinkat(int folder, const char *path, int flags) {
  REAL(unlinkat);
  struct rule decided;
  if (decide_path("unlink", folder, path, &decided)) OUTCOME(decided, real(folder, path, flags));
  return real(folder, path, flags);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  struct rule decided;
  if (decide_path("mkdir", AT_FDCWD, path, &decided)) OUTCOME(decided, real(path, mode));
  return real(path, mode);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  REAL(pthread_create);
  struct rule decided;
  if (has_rules() && decide("thread", "", &decided)) return decided.number;
  return real(thread, attributes, start, argument);
}
