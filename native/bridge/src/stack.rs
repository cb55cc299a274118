//! The stacks of the threads that run the engine.

#![allow(unsafe_code)]

/// The engine recurses once per level of a value, and per part of a path that a
/// statement builds; its authors ask for 10 MiB, which 40,000 parts overflow, or a
/// function that calls itself 120 times from within a long sum.
/// The system gives the memory as it is touched. (See
/// `doc/decisions/0015-a-path-has-an-end.md`.)
pub(crate) const STACK_BYTES: usize =
    if cfg!(target_pointer_width = "64") { 256 << 20 } else { 64 << 20 };

/// Leaves what is below the calling function on its thread's stack out of the
/// copies that this process makes of itself to start others.
///
/// Such a copy asks the system for as much memory as all stacks together could
/// need, and there are many: it would be refused (see
/// `doc/decisions/0038-stacks-are-no-part-of-a-copy.md`). The thread itself cannot
/// make one: its frames would be missing. What is above, where the C library keeps
/// what it knows of the thread, is copied.
///
/// If the system does not do it, the stack is copied as others are.
pub(crate) fn leave_out_of_copies() {
    #[cfg(target_os = "linux")]
    if let Some(bottom) = bottom() {
        let local = 0u8;
        // SAFETY: `sysconf` may be called at any time.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(1 << 16);
        let top = (&raw const local).addr() & !(page - 1);
        let bottom_page = bottom.addr().next_multiple_of(page);
        if let Some(length) = top.checked_sub(bottom_page) {
            // SAFETY: from the lowest page of this thread's stack to its own frame
            // nobody else has anything. The advice changes nothing in this process.
            unsafe {
                libc::madvise(bottom.with_addr(bottom_page), length, libc::MADV_DONTFORK);
            }
        }
    }
}

/// The lowest address of the calling thread's stack.
#[cfg(target_os = "linux")]
fn bottom() -> Option<*mut libc::c_void> {
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut bottom, mut length) = (std::ptr::null_mut(), 0);
    // SAFETY: the calling thread lives; the attributes are read and destroyed only
    // when they were set; the rest can be written to.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let got = libc::pthread_attr_getstack(attributes.as_ptr(), &mut bottom, &mut length);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        (got == 0).then_some(bottom)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::process::CommandExt;

    use super::*;

    /// How many bytes a copy of this process would ask for: what is writable, is
    /// its own, and is not left out.
    fn copied() -> usize {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let (mut length, mut sum) = (0, 0);
        for line in maps.lines() {
            if let Some(flags) = line.strip_prefix("VmFlags:") {
                let has = |flag| flags.split(' ').any(|it| it == flag);
                sum += if has("ac") && !has("dc") { length } else { 0 };
            } else if let Some((from, to)) =
                line.split_once(' ').and_then(|it| it.0.split_once('-'))
                && let (Ok(from), Ok(to)) =
                    (usize::from_str_radix(from, 16), usize::from_str_radix(to, 16))
            {
                length = to - from;
            }
        }
        sum
    }

    #[test]
    fn a_process_with_many_stacks_can_be_copied() {
        const MANY: usize = 8;
        let before = copied();
        let all = std::sync::Barrier::new(MANY + 1);
        std::thread::scope(|scope| {
            for _ in 0..MANY {
                let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
                thread
                    .spawn_scoped(scope, || {
                        leave_out_of_copies();
                        all.wait();
                        all.wait();
                    })
                    .unwrap();
            }
            all.wait();
            let more = copied().saturating_sub(before);
            assert!(more < STACK_BYTES, "{more} bytes for {MANY} stacks");
            // What is copied of their tops is enough for the C library, which
            // looks at all threads in the copy. (Without a user Rust makes none.)
            // SAFETY: it takes nothing.
            let user = unsafe { libc::getuid() };
            let ended = std::process::Command::new("true").uid(user).status();
            all.wait();
            assert!(ended.unwrap().success());
        });
    }
}
