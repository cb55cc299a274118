//! Giving memory back.

#![allow(unsafe_code)]

/// Returns to the operating system what the allocator keeps of freed memory.
///
/// A closed store leaves megabytes of small pieces behind in the allocator's
/// arenas, one per thread that has worked for it. glibc gives them back only
/// when it is asked to; elsewhere this does nothing.
pub fn return_free_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `malloc_trim` may be called at any time from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}
