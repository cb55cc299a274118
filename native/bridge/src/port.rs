//! Posting to a Dart port. The only module that names allo-isolate.

#![allow(unsafe_code)]

use allo_isolate::{IntoDart, Isolate, ZeroCopyBuffer};

use crate::call::ReplyKind;
use crate::gate::Gate;

/// The signature of the VM's `Dart_PostCObject`.
pub type PostFn = allo_isolate::ffi::DartPostCObjectFnType;

/// Tells the bridge how to post. Every database isolate of the process does
/// so; they all pass the same function of the one Dart VM.
///
/// # Safety
///
/// `post` is the VM's `Dart_PostCObject` (`NativeApi.postCObject` in Dart), or
/// behaves like it, and stays callable for as long as any gate is open.
pub unsafe fn install_post(post: PostFn) {
    // SAFETY: the caller's promise is the one allo-isolate asks for.
    unsafe { allo_isolate::store_dart_post_cobject(post) }
}

/// A Dart port behind a gate.
#[derive(Debug)]
pub struct Port {
    isolate: Isolate,
    gate: Gate,
}

impl Port {
    /// A port that can be posted to until it dies or is closed.
    /// `native_port` is `SendPort.nativePort` in Dart.
    pub fn new(native_port: i64) -> Self {
        Self { isolate: Isolate::new(native_port), gate: Gate::new() }
    }

    /// Posts `[id, kind, bytes]`, the bytes without a copy, and returns
    /// whether the message was delivered to a live port. After a message that
    /// was not, the port is closed. `just_before` runs in any case: before
    /// the post and within the gate, or outside of a closed one.
    ///
    /// The message is built inside the gate: allo-isolate frees external
    /// bytes only through a post, so an unposted message would leak them.
    pub fn post(&self, id: i64, kind: ReplyKind, bytes: Vec<u8>, just_before: impl Fn()) -> bool {
        let passed = self.gate.pass(|| {
            just_before();
            self.isolate.post(vec![
                id.into_dart(),
                (kind as i32).into_dart(),
                ZeroCopyBuffer(bytes).into_dart(),
            ])
        });
        passed.unwrap_or_else(|| {
            just_before();
            false
        })
    }

    /// No post starts after this returns, and none is under way.
    pub fn close(&self) {
        self.gate.close();
    }
}
