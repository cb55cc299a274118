//! The process's limit of open files, which is not ours to change.

#![allow(unsafe_code)]

/// Runs `work`, and puts the limit of open files back to what it was before.
///
/// The process's children inherit it, and what is written with `select` breaks
/// when it is raised: a library that raises it does so for all of the program.
pub fn keep_descriptor_limit<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    {
        let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `before` can be written to.
        let is_known = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut before) } == 0;
        let done = work();
        if is_known {
            // SAFETY: `before` can be read. A refusal leaves the limit as it is.
            unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &before) };
        }
        done
    }
    #[cfg(not(unix))]
    work()
}
