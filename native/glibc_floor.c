// Lowers the glibc that the library needs to 2.34, the one of RHEL 9 and Amazon
// Linux 2023: two functions that would need a newer one are these instead. They
// are hidden, so that no other library of the process gets them.

#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#define HIDDEN __attribute__((visibility("hidden")))

// glibc 2.36. The static libstdc++ of a newer system takes it for
// std::random_device. As there, a system without random numbers ends the process.
HIDDEN uint32_t arc4random(void) {
  uint32_t number;
  if (getentropy(&number, sizeof number) != 0) abort();
  return number;
}

#ifdef __x86_64__
// glibc 2.35, where it no longer sets errno by the rules of SVID. The older one,
// which this asks for, returns the same.
double older_hypot(double x, double y);
__asm__(".symver older_hypot, hypot@GLIBC_2.2.5");
HIDDEN double hypot(double x, double y) { return older_hypot(x, y); }
#endif
