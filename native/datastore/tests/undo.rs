//! Save points that remember what they undo do what those of the engine's backends
//! do.

#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use surrealdartb_datastore::Undoable;
use surrealdb_cnf::ConfigMap;
use surrealdb_core::CommunityComposer;
use surrealdb_core::kvs::TransactionBuilderFactory;
use surrealdb_kvs::api::Transactable;
use surrealdb_kvs::{Error, Key, KeyRange, TransactionBuilder, TransactionType};
use tokio_util::sync::CancellationToken;

type Store = Box<dyn TransactionBuilder>;
type Model = BTreeMap<Vec<u8>, Vec<u8>>;

async fn memory() -> Store {
    let composer = CommunityComposer();
    let canceller = CancellationToken::new();
    let parts = composer.new_transaction_builder("mem://", canceller, ConfigMap::default()).await;
    parts.unwrap().builder
}

async fn begin(store: &Store) -> Undoable {
    Undoable::new(store.new_transaction(TransactionType::Write).await.unwrap().0)
}

/// Numbers that a seed gives again (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn key(bytes: &[u8]) -> Key<'_> {
    Key::from(bytes)
}

fn everything() -> KeyRange<'static> {
    KeyRange { start: Key::from(vec![0]), end: Key::from(vec![255]) }
}

async fn contents(transaction: &dyn Transactable) -> Model {
    transaction.getr(everything(), None).await.unwrap().values.into_iter().collect()
}

/// Does one random thing to the transaction and to the model, which has what each
/// open scope was opened on.
async fn step(random: &mut Random, transaction: &dyn Transactable, models: &mut Vec<Model>) {
    let name = vec![b'k', u8::try_from(random.below(40)).unwrap()];
    let value = random.below(1 << 40).to_be_bytes().to_vec();
    let now = models.last_mut().unwrap();
    let held = now.get(&name).cloned();
    match random.below(16) {
        0..=2 => {
            transaction.set(key(&name), value.clone()).await.unwrap();
            now.insert(name, value);
        }
        3 => {
            transaction.replace(key(&name), value.clone()).await.unwrap();
            now.insert(name, value);
        }
        4 | 5 => {
            let put = transaction.put(key(&name), value.clone()).await;
            assert_eq!(put.is_ok(), held.is_none());
            now.entry(name).or_insert(value);
        }
        6 => {
            let right = random.below(2) == 0;
            let check = if right { held } else { Some(b"another".to_vec()) };
            let put = transaction.putc(key(&name), value.clone(), check).await;
            assert_eq!(put.is_ok(), right);
            if right {
                now.insert(name, value);
            }
        }
        7 => {
            transaction.del(key(&name)).await.unwrap();
            now.remove(&name);
        }
        8 => {
            transaction.clr(key(&name)).await.unwrap();
            now.remove(&name);
        }
        9 => {
            let right = random.below(2) == 0;
            let check = if right { held } else { Some(b"another".to_vec()) };
            let deleted = transaction.delc(key(&name), check.as_deref()).await;
            assert_eq!(deleted.is_ok(), right);
            if right {
                now.remove(&name);
            }
        }
        10 => {
            let end = vec![b'k', name[1].saturating_add(3)];
            let range = KeyRange { start: key(&name), end: key(&end) };
            transaction.delr(range).await.unwrap();
            now.retain(|it, _| *it < name || *it >= end);
        }
        11..=13 => {
            transaction.new_save_point().await.unwrap();
            let opened_on = now.clone();
            models.push(opened_on);
        }
        14 => {
            transaction.release_last_save_point().await.unwrap();
            if models.len() > 1 {
                let now = models.pop().unwrap();
                *models.last_mut().unwrap() = now;
            }
        }
        _ => {
            let undone = transaction.rollback_to_save_point().await;
            assert_eq!(undone.is_ok(), models.len() > 1);
            if models.len() > 1 {
                models.pop();
            }
        }
    }
}

#[tokio::test]
async fn random_scopes_undo_and_keep_what_a_model_does() {
    for seed in 1..=40 {
        let mut random = Random(seed * 0x9E37_79B9_7F4A_7C15);
        let store = memory().await;
        let mut stored = Model::new();
        for transactions in 0..4 {
            let transaction = begin(&store).await;
            let mut models = vec![stored.clone()];
            // Some are short, and have the backend's own save points.
            let steps = if transactions == 0 { 150 } else { 1500 };
            for _ in 0..steps {
                step(&mut random, &transaction, &mut models).await;
                if random.below(10) == 0 {
                    assert_eq!(
                        &contents(&transaction).await,
                        models.last().unwrap(),
                        "seed {seed}"
                    );
                }
            }
            if random.below(4) == 0 {
                transaction.cancel().await.unwrap();
            } else {
                transaction.commit().await.unwrap();
                stored = models.pop().unwrap();
            }
            assert_eq!(contents(&begin(&store).await).await, stored, "seed {seed}");
        }
    }
}

/// A transaction that has written so much that its save points are kept here.
async fn begin_after_much(store: &Store) -> Undoable {
    let transaction = begin(store).await;
    for i in 0..1000_u32 {
        transaction.set(Key::from(i.to_be_bytes().to_vec()), vec![1]).await.unwrap();
    }
    transaction
}

#[tokio::test]
async fn a_refused_write_is_not_written_when_its_scope_is_undone() {
    let store = memory().await;
    let before = begin(&store).await;
    before.set(key(b"there"), vec![1]).await.unwrap();
    before.commit().await.unwrap();

    let transaction = begin_after_much(&store).await;
    transaction.new_save_point().await.unwrap();
    let refused = transaction.put(key(b"there"), vec![2]).await;
    assert!(matches!(refused, Err(Error::TransactionKeyAlreadyExists)));
    transaction.rollback_to_save_point().await.unwrap();

    // Another transaction writes it meanwhile: no conflict.
    let other = begin(&store).await;
    other.set(key(b"there"), vec![3]).await.unwrap();
    other.commit().await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(begin(&store).await.get(key(b"there"), None).await.unwrap(), Some(vec![3]));
}

#[tokio::test]
async fn what_was_undone_never_overwrites_another_transaction() {
    let store = memory().await;
    let transaction = begin_after_much(&store).await;
    transaction.new_save_point().await.unwrap();
    transaction.set(key(b"contested"), vec![1]).await.unwrap();
    transaction.rollback_to_save_point().await.unwrap();

    let other = begin(&store).await;
    other.set(key(b"contested"), vec![2]).await.unwrap();
    other.commit().await.unwrap();
    assert!(matches!(transaction.commit().await, Err(Error::TransactionConflict(_))));
    assert_eq!(begin(&store).await.get(key(b"contested"), None).await.unwrap(), Some(vec![2]));
}

/// How long so many save points, with a write behind each, take.
async fn time_of_scopes(transaction: &dyn Transactable, count: u32) -> Duration {
    let begun = Instant::now();
    for i in 0..count {
        transaction.new_save_point().await.unwrap();
        transaction.put(Key::from(i.to_be_bytes().to_vec()), vec![1]).await.unwrap();
        transaction.release_last_save_point().await.unwrap();
    }
    begun.elapsed()
}

#[tokio::test]
async fn a_save_point_costs_what_is_written_behind_it_and_the_backends_all_that_is() {
    const COUNT: u32 = 10_000;
    let store = memory().await;
    let own = time_of_scopes(&begin(&store).await, COUNT).await;
    let bare = store.new_transaction(TransactionType::Write).await.unwrap().0;
    let copied = time_of_scopes(&*bare, COUNT).await;
    // They differ a hundredfold.
    assert!(
        own * 10 < copied,
        "{COUNT} save points took {own:?} here and {copied:?} there: if the engine is mended, \
         undo.rs goes, and its paragraph in doc/engine_faults.md"
    );
}
