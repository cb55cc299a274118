// recorder.c: what a program asks of the disk below one folder, as a journal in
// one order, and a death at one of these requests. For LD_PRELOAD, on Linux.
//
//   POWER_LOSS_ROOT     the folder; everything else passes untouched
//   POWER_LOSS_JOURNAL  where the journal goes; none is written without it
//   POWER_LOSS_SYNC_US  how long a sync takes at least, in microseconds: on a
//                       file system in memory it would take no time, and no
//                       other request would come in its midst
//   POWER_LOSS_LIES     if set, a sync of data makes nothing durable: it
//                       answers that all is well and is not in the journal
//   POWER_LOSS_KILL_AT  the number of the request, from 1, at which the process
//                       kills itself; of a write, a part is done before
//   POWER_LOSS_KILL_IN  how many lines `phase ...` the program has written when
//                       that counting begins; from its start, if not said
//
// Requests on files are known by the file's inode, so duplicates of descriptors
// need no bookkeeping. One lock is held from before a request until it is in
// the journal; only a sync lets others pass between its two records. What goes
// past the C library (fwrite, mmap, system calls of a program's own) is not
// seen, and whoever reads the journal compares its end with the real folder.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// The kinds of records; journal.dart has the same numbers.
enum { OPEN = 1, WRITE, TRUNCATE, SYNC_BEGIN, SYNC_END, RENAME, LINK, UNLINK, MKDIR, RMDIR, PUNCH };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int journal = -1;
static long sync_us, kill_at, kill_in, phases, requests;
static int lies;
static int is_ready;

// The files below the root that were opened, by inode.
enum { MAX_WATCHED = 1 << 14 };
static struct { dev_t dev; ino_t ino; } watched[MAX_WATCHED];
static int watched_count;

// The C library's own function NAME, whatever its type.
#define REAL(name)                                                                                 \
  ({                                                                                               \
    static __typeof__(&name) real;                                                                 \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                                  \
    real;                                                                                          \
  })

__attribute__((constructor)) static void prepare(void) {
  const char *value = getenv("POWER_LOSS_ROOT");
  if (!value || !realpath(value, root)) return;
  root_length = strlen(root);
  if ((value = getenv("POWER_LOSS_JOURNAL")))
    journal = REAL(open)(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if ((value = getenv("POWER_LOSS_SYNC_US"))) sync_us = atol(value);
  if ((value = getenv("POWER_LOSS_KILL_AT"))) kill_at = atol(value);
  if ((value = getenv("POWER_LOSS_KILL_IN"))) kill_in = atol(value);
  lies = getenv("POWER_LOSS_LIES") != NULL;
  is_ready = 1;
}

static int is_below(const char *path) {
  return is_ready && strncmp(path, root, root_length) == 0 &&
         (path[root_length] == '/' || path[root_length] == 0);
}

// Writes the whole name of PATH, whose last part need not exist, to FULL.
// Returns whether it lies below the root.
static int resolve(int at, const char *path, char *full) {
  char joined[PATH_MAX], folder[PATH_MAX];
  if (!is_ready || !path || !*path) return 0;
  if (path[0] == '/' || at == AT_FDCWD) {
    if (snprintf(joined, sizeof joined, "%s", path) >= (int)sizeof joined) return 0;
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    ssize_t length = readlink(link, folder, sizeof folder - 1);
    if (length < 0) return 0;
    folder[length] = 0;
    if (snprintf(joined, sizeof joined, "%s/%s", folder, path) >= (int)sizeof joined) return 0;
  }
  size_t length = strlen(joined);
  while (length > 1 && joined[length - 1] == '/') joined[--length] = 0;
  char *slash = strrchr(joined, '/');
  const char *name = slash ? slash + 1 : joined;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return realpath(joined, full) && is_below(full);
  char name_copy[NAME_MAX + 1];
  if (strlen(name) > NAME_MAX) return 0;
  strcpy(name_copy, name);
  if (slash == joined) joined[1] = 0;
  else if (slash) *slash = 0;
  else strcpy(joined, ".");
  if (!realpath(joined, folder)) return 0;
  if (snprintf(full, PATH_MAX, "%s/%s", strcmp(folder, "/") ? folder : "", name_copy) >= PATH_MAX) return 0;
  return is_below(full);
}

// --- The journal ------------------------------------------------------------

// 48 bytes, little-endian, then the two paths and the data.
struct record {
  uint32_t kind, path_length, other_length, data_length;
  uint64_t time_ns, inode, offset, extra;
};

static void put(int kind, ino_t inode, uint64_t offset, uint64_t extra, const char *path,
                const char *other, const void *data, size_t length) {
  if (journal < 0) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct record record = {
      .kind = kind,
      .path_length = path ? strlen(path) : 0,
      .other_length = other ? strlen(other) : 0,
      .data_length = length,
      .time_ns = now.tv_sec * 1000000000ull + now.tv_nsec,
      .inode = inode,
      .offset = offset,
      .extra = extra,
  };
  struct iovec parts[] = {{&record, sizeof record},
                          {(void *)path, record.path_length},
                          {(void *)other, record.other_length},
                          {(void *)data, length}};
  ssize_t whole = sizeof record + record.path_length + record.other_length + length;
  if (REAL(writev)(journal, parts, 4) != whole) {
    fprintf(stderr, "recorder: the journal could not be written\n");
    abort();
  }
}

static void die(void) {
  for (;;) kill(getpid(), SIGKILL);
}

// Counts a request. Returns whether the process is to die at it. The lock is held.
static int is_last(void) { return phases >= kill_in && ++requests == kill_at; }

// Begins a request at which the process dies before it is done.
static void begin(void) {
  pthread_mutex_lock(&lock);
  if (is_last()) die();
}

static void end(void) {
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
}

static void watch(const struct stat *it) {
  for (int i = 0; i < watched_count; i++)
    if (watched[i].ino == it->st_ino && watched[i].dev == it->st_dev) return;
  if (watched_count == MAX_WATCHED) abort();
  watched[watched_count].ino = it->st_ino;
  watched[watched_count++].dev = it->st_dev;
}

// The inode that FD stands for, or 0 when it is none of ours.
static ino_t inode_of(int fd) {
  struct stat it;
  if (!is_ready || fd == journal || fstat(fd, &it) != 0) return 0;
  if (!S_ISREG(it.st_mode) && !S_ISDIR(it.st_mode)) return 0;
  ino_t found = 0;
  pthread_mutex_lock(&lock);
  for (int i = watched_count - 1; i >= 0 && !found; i--)
    if (watched[i].ino == it.st_ino && watched[i].dev == it.st_dev) found = it.st_ino;
  pthread_mutex_unlock(&lock);
  return found;
}

// --- Files --------------------------------------------------------------------

static int open_at(int at, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  if (!resolve(at, path, full)) return REAL(openat)(at, path, flags, mode);
  struct stat before, it;
  // What only reads is no request.
  int changes = flags & (O_CREAT | O_TRUNC);
  if (changes) begin();
  else pthread_mutex_lock(&lock);
  int existed = fstatat(at, path, &before, 0) == 0;
  int fd = REAL(openat)(at, path, flags, mode);
  if (fd >= 0 && fstat(fd, &it) == 0 && (S_ISREG(it.st_mode) || S_ISDIR(it.st_mode))) {
    watch(&it);
    put(OPEN, it.st_ino, !existed, (flags & O_TRUNC) != 0, full, NULL, NULL, 0);
  }
  end();
  return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define OPENS(name)                                                                                \
  int name(const char *path, int flags, ...) {                                                     \
    va_list arguments;                                                                             \
    va_start(arguments, flags);                                                                    \
    mode_t mode = mode_of(flags, arguments);                                                       \
    va_end(arguments);                                                                             \
    return open_at(AT_FDCWD, path, flags, mode);                                                   \
  }
#define OPENS_AT(name)                                                                             \
  int name(int at, const char *path, int flags, ...) {                                             \
    va_list arguments;                                                                             \
    va_start(arguments, flags);                                                                    \
    mode_t mode = mode_of(flags, arguments);                                                       \
    va_end(arguments);                                                                             \
    return open_at(at, path, flags, mode);                                                         \
  }
OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)

int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

// Writes the parts at OFFSET, or at the file's position when it is negative.
static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset) {
  ino_t inode = inode_of(fd);
  if (!inode)
    return offset < 0 ? REAL(writev)(fd, parts, count) : REAL(pwritev)(fd, parts, count, offset);
  size_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  char *data = malloc(length + 1), *end_of_data = data;
  for (int i = 0; i < count; i++) end_of_data = mempcpy(end_of_data, parts[i].iov_base, parts[i].iov_len);
  pthread_mutex_lock(&lock);
  int dies = is_last();
  if (dies) length = length ? (size_t)requests * 7919 % length : 0;
  ssize_t done = offset < 0 ? REAL(write)(fd, data, length) : REAL(pwrite)(fd, data, length, offset);
  if (dies) die();
  if (done > 0) {
    if (offset < 0) offset = lseek(fd, 0, SEEK_CUR) - done;
    put(WRITE, inode, offset, 0, NULL, NULL, data, done);
    if (length > 6 && memcmp(data, "phase ", 6) == 0) phases++;
  }
  end();
  int error = errno;
  free(data);
  errno = error;
  return done;
}

static ssize_t write_one(int fd, const void *data, size_t length, off_t offset) {
  struct iovec part = {(void *)data, length};
  return write_parts(fd, &part, 1, offset);
}

ssize_t write(int fd, const void *data, size_t length) { return write_one(fd, data, length, -1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return write_one(fd, data, length, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) { return write_one(fd, data, length, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_parts(fd, parts, count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return write_parts(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return write_parts(fd, parts, count, at); }

int ftruncate(int fd, off_t length) {
  ino_t inode = inode_of(fd);
  if (!inode) return REAL(ftruncate)(fd, length);
  begin();
  int result = REAL(ftruncate)(fd, length);
  if (result == 0) put(TRUNCATE, inode, length, 0, NULL, NULL, NULL, 0);
  end();
  return result;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

// Preallocation changes no content, unless it makes the file longer or a hole.
int fallocate(int fd, int mode, off_t offset, off_t length) {
  ino_t inode = inode_of(fd);
  if (!inode) return REAL(fallocate)(fd, mode, offset, length);
  begin();
  int result = REAL(fallocate)(fd, mode, offset, length);
  struct stat it;
  if (result == 0 && fstat(fd, &it) == 0) {
    if (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
      put(PUNCH, inode, offset, length, NULL, NULL, NULL, 0);
    if (!(mode & FALLOC_FL_KEEP_SIZE)) put(TRUNCATE, inode, it.st_size, 0, NULL, NULL, NULL, 0);
  }
  end();
  return result;
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) { return fallocate(fd, 0, offset, length) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

// --- Syncs --------------------------------------------------------------------

static int sync_file(int fd, int (*real)(int), int is_data) {
  static uint64_t syncs;
  ino_t inode = inode_of(fd);
  if (!inode || (lies && is_data)) return real(fd);
  begin();
  uint64_t number = ++syncs;
  put(SYNC_BEGIN, inode, number, is_data, NULL, NULL, NULL, 0);
  end();
  int result = real(fd);
  if (sync_us) usleep(sync_us);
  int error = errno;
  pthread_mutex_lock(&lock);
  if (result == 0) put(SYNC_END, inode, number, is_data, NULL, NULL, NULL, 0);
  end();
  errno = error;
  return result;
}

int fsync(int fd) { return sync_file(fd, REAL(fsync), 0); }
int fdatasync(int fd) { return sync_file(fd, REAL(fdatasync), 1); }

// --- Names --------------------------------------------------------------------

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
  char full_from[PATH_MAX], full_to[PATH_MAX];
  int is_from = resolve(from_at, from, full_from), is_to = resolve(to_at, to, full_to);
  if (!is_from && !is_to) return REAL(renameat2)(from_at, from, to_at, to, flags);
  begin();
  int result = REAL(renameat2)(from_at, from, to_at, to, flags);
  // What comes in or goes out would need the content of both places.
  if (result == 0 && (!is_from || !is_to || flags & RENAME_EXCHANGE)) abort();
  if (result == 0) put(RENAME, 0, 0, 0, full_from, full_to, NULL, 0);
  end();
  return result;
}
int renameat(int from_at, const char *from, int to_at, const char *to) { return renameat2(from_at, from, to_at, to, 0); }
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
  char full_from[PATH_MAX], full_to[PATH_MAX];
  if (!resolve(from_at, from, full_from) || !resolve(to_at, to, full_to))
    return REAL(linkat)(from_at, from, to_at, to, flags);
  begin();
  int result = REAL(linkat)(from_at, from, to_at, to, flags);
  if (result == 0) put(LINK, 0, 0, 0, full_from, full_to, NULL, 0);
  end();
  return result;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int at, const char *path, int flags) {
  char full[PATH_MAX];
  if (!resolve(at, path, full)) return REAL(unlinkat)(at, path, flags);
  begin();
  int result = REAL(unlinkat)(at, path, flags);
  if (result == 0) put(flags & AT_REMOVEDIR ? RMDIR : UNLINK, 0, 0, 0, full, NULL, NULL, 0);
  end();
  return result;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int result = unlink(path);
  return result != 0 && errno == EISDIR ? rmdir(path) : result;
}

int mkdirat(int at, const char *path, mode_t mode) {
  char full[PATH_MAX];
  if (!resolve(at, path, full)) return REAL(mkdirat)(at, path, mode);
  begin();
  int result = REAL(mkdirat)(at, path, mode);
  struct stat it;
  if (result == 0 && stat(full, &it) == 0) put(MKDIR, it.st_ino, 0, 0, full, NULL, NULL, 0);
  end();
  return result;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
