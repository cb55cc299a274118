//! Generation-checked ids for what Dart may only name, never touch.

use std::fmt;
use std::sync::Arc;

use parking_lot::RwLock;

/// An id from a [`Handles`] table. Zero is never given out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Handle(i64);

impl Handle {
    /// The number that Dart holds.
    pub const fn as_raw(self) -> i64 {
        self.0
    }

    /// Whatever number Dart handed in; the table checks it.
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// `generation` in the upper half, `index` in the lower.
    fn new(generation: u32, index: u32) -> Self {
        Self((i64::from(generation) << 32) | i64::from(index))
    }

    fn parts(self) -> Option<(u32, usize)> {
        let generation = u32::try_from(self.0 >> 32).ok()?;
        Some((generation, (self.0 & 0xffff_ffff) as usize))
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

struct Slot<T> {
    generation: u32,
    value: Option<Arc<T>>,
    retired: bool,
}

/// A table of shared values. A removed value's handle stays invalid for ever,
/// also when its slot is used again.
///
/// A value that retires is no longer there for [`Handles::get`], and is still
/// there, until it is removed, for whoever waits for its end. One lock has both,
/// so there is no moment at which it is in neither.
pub struct Handles<T> {
    slots: RwLock<Slots<T>>,
}

struct Slots<T> {
    all: Vec<Slot<T>>,
    /// Those without a value that can have another one.
    free: Vec<u32>,
}

/// Keeps handles positive in Dart's signed 64-bit integers.
const LAST_GENERATION: u32 = i32::MAX as u32;

impl<T> Handles<T> {
    /// An empty table.
    pub const fn new() -> Self {
        Self { slots: RwLock::new(Slots { all: Vec::new(), free: Vec::new() }) }
    }

    /// Adds `value` and returns its handle.
    ///
    /// # Panics
    ///
    /// With more than 2³² values at once.
    pub fn insert(&self, value: Arc<T>) -> Handle {
        let mut slots = self.slots.write();
        let index = slots.free.pop().unwrap_or_else(|| {
            slots.all.push(Slot { generation: 0, value: None, retired: false });
            u32::try_from(slots.all.len() - 1).expect("fewer than 2^32 handles")
        });
        let slot = &mut slots.all[index as usize];
        slot.generation += 1;
        slot.value = Some(value);
        slot.retired = false;
        Handle::new(slot.generation, index)
    }

    /// The value of a handle that is still valid.
    pub fn get(&self, handle: Handle) -> Option<Arc<T>> {
        self.find(handle, |slot| !slot.retired)
    }

    /// The same, also of a value that has retired.
    pub fn get_or_retired(&self, handle: Handle) -> Option<Arc<T>> {
        self.find(handle, |_| true)
    }

    fn find(&self, handle: Handle, is_meant: fn(&Slot<T>) -> bool) -> Option<Arc<T>> {
        let (generation, index) = handle.parts()?;
        let slots = self.slots.read();
        let slot = slots.all.get(index)?;
        if slot.generation == generation && is_meant(slot) { slot.value.clone() } else { None }
    }

    /// The handles of all values that have not retired.
    pub fn all(&self) -> Vec<Handle> {
        let slots = self.slots.read();
        let slots = slots.all.iter().zip(0..);
        slots
            .filter(|(slot, _)| slot.value.is_some() && !slot.retired)
            .map(|(slot, index)| Handle::new(slot.generation, index))
            .collect()
    }

    /// Retires the value, and gives it; `None` if it was not there to retire.
    pub fn retire(&self, handle: Handle) -> Option<Arc<T>> {
        let (generation, index) = handle.parts()?;
        let mut slots = self.slots.write();
        let slot = slots.all.get_mut(index)?;
        if slot.generation != generation || std::mem::replace(&mut slot.retired, true) {
            return None;
        }
        slot.value.clone()
    }

    /// Takes the value out, retired or not; its handle is invalid from now on.
    pub fn remove(&self, handle: Handle) -> Option<Arc<T>> {
        let (generation, index) = handle.parts()?;
        let mut slots = self.slots.write();
        let slot = slots.all.get_mut(index)?;
        if slot.generation != generation {
            return None;
        }
        let value = slot.value.take()?;
        if slot.generation < LAST_GENERATION {
            slots.free.push(index as u32);
        }
        Some(value)
    }
}

impl<T> Default for Handles<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_names_its_value_until_it_is_removed() {
        let table = Handles::new();
        let handle = table.insert(Arc::new("value"));
        assert_eq!(table.get(handle).as_deref(), Some(&"value"));
        assert_eq!(table.remove(handle).as_deref(), Some(&"value"));
        assert!(table.get(handle).is_none());
        assert!(table.remove(handle).is_none());
    }

    #[test]
    fn a_retired_value_is_there_for_whoever_waits_for_its_end_and_for_nobody_else() {
        let table = Handles::new();
        let handle = table.insert(Arc::new("value"));
        assert_eq!(table.retire(handle).as_deref(), Some(&"value"));
        assert!(table.retire(handle).is_none());
        assert!(table.get(handle).is_none());
        assert_eq!(table.get_or_retired(handle).as_deref(), Some(&"value"));
        assert_eq!(table.remove(handle).as_deref(), Some(&"value"));
        assert!(table.get_or_retired(handle).is_none());
        let next = table.insert(Arc::new("next"));
        assert!(table.retire(handle).is_none());
        assert_eq!(table.get(next).as_deref(), Some(&"next"));
    }

    #[test]
    fn all_handles_are_those_whose_values_are_in_use() {
        let handles = Handles::new();
        let [kept, retired, removed] = [1, 2, 3].map(|it| handles.insert(Arc::new(it)));
        handles.retire(retired);
        handles.remove(removed);
        assert_eq!(handles.all(), [kept]);
    }

    #[test]
    fn a_reused_slot_does_not_revive_the_old_handle() {
        let table = Handles::new();
        let old = table.insert(Arc::new(1));
        table.remove(old);
        let new = table.insert(Arc::new(2));
        assert_ne!(old, new);
        assert!(table.get(old).is_none());
        assert_eq!(table.get(new).as_deref(), Some(&2));
    }

    #[test]
    fn numbers_that_were_never_handles_name_nothing() {
        let table = Handles::new();
        let handle = table.insert(Arc::new(()));
        for raw in [0, 1, -1, i64::MIN, i64::MAX, handle.as_raw() + 1, -handle.as_raw()] {
            assert!(table.get(Handle::from_raw(raw)).is_none(), "{raw}");
            assert!(table.remove(Handle::from_raw(raw)).is_none(), "{raw}");
        }
        assert!(table.get(handle).is_some());
    }

    #[test]
    fn a_slot_is_used_again_and_none_is_used_twice() {
        let table = Handles::new();
        let handles: Vec<_> = (0..100).map(|n| table.insert(Arc::new(n))).collect();
        for handle in handles.iter().step_by(2) {
            table.remove(*handle);
            assert!(table.remove(*handle).is_none());
        }
        let more: Vec<_> = (100..200).map(|n| table.insert(Arc::new(n))).collect();
        assert_eq!(table.slots.read().all.len(), 150);
        for (n, handle) in handles.iter().enumerate().skip(1).step_by(2) {
            assert_eq!(table.get(*handle).as_deref(), Some(&n));
        }
        for (n, handle) in more.iter().enumerate() {
            assert_eq!(table.get(*handle).as_deref(), Some(&(n + 100)));
        }
    }

    #[test]
    fn handles_are_positive_numbers() {
        let table = Handles::new();
        for _ in 0..100 {
            let handle = table.insert(Arc::new(()));
            assert!(handle.as_raw() > 0);
            table.remove(handle);
        }
    }
}
