//! A database over a fake Dart port: each verb waits for its answer.

#![allow(dead_code, missing_docs, unreachable_pub)]

#[path = "../../../bridge/tests/support/mod.rs"]
mod fake_vm;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub use fake_vm::FakePort;
use serde_json::{Value, json};
use surrealdartb_bridge::{Handle, Limits, Refusal, ReplyKind};
use surrealdartb_engine::{Asked, ConnectOptions, Operation, Scope, scopes};

pub type Outcome = Result<Value, Value>;

pub struct Db {
    pub handle: Handle,
    pub database: Arc<Scope>,
    pub port: FakePort,
    /// Shared by the sessions of a database, as a database isolate does.
    next_id: Arc<AtomicI64>,
}

impl Db {
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    pub fn with_limits(limits: Limits) -> Self {
        let port = FakePort::open();
        let handle = scopes::open(port.0, limits);
        let database = scopes::find(handle).unwrap();
        Self { handle, database, port, next_id: Arc::new(1.into()) }
    }

    /// The session that `issued`, a call of this one, answers.
    pub fn session(&self, issued: i64) -> Self {
        let raw = self.answer(issued).unwrap().as_i64().unwrap();
        let handle = Handle::from_raw(raw);
        let database = scopes::find(handle).unwrap();
        Self { handle, database, port: self.port, next_id: Arc::clone(&self.next_id) }
    }

    pub fn fork(&self) -> Self {
        self.session(self.issue(Scope::fork))
    }

    pub fn new_session(&self) -> Self {
        self.session(self.issue(Scope::new_session))
    }

    pub fn end_session(&self) -> Outcome {
        self.ask(|db, id| db.end_session(self.handle, id))
    }

    pub fn memory() -> Self {
        Self::connected("mem://")
    }

    pub fn rocksdb(path: &Path) -> Self {
        Self::connected(&format!("rocksdb://{}", path.display()))
    }

    fn connected(endpoint: &str) -> Self {
        let db = Self::new();
        db.connect(endpoint).unwrap();
        db
    }

    /// Both backends, for bodies that run on each.
    pub fn each(body: impl Fn(&Self)) {
        let folder = tempfile::tempdir().unwrap();
        for db in [Self::memory(), Self::rocksdb(&folder.path().join("db"))] {
            body(&db);
            db.close().unwrap();
        }
    }

    pub fn issue(&self, verb: impl FnOnce(&Scope, i64) -> Result<(), Refusal>) -> i64 {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        verb(&self.database, id).unwrap();
        id
    }

    pub fn answer(&self, id: i64) -> Outcome {
        let message = self.port.answer_to(id);
        let json = || serde_json::from_slice(&message.bytes).unwrap();
        match message.kind {
            kind if kind == ReplyKind::Value as i32 => Ok(json()),
            kind if kind == ReplyKind::Error as i32 => Err(json()),
            kind => Err(serde_json::json!({ "kind": kind, "message": message.text() })),
        }
    }

    pub fn ask(&self, verb: impl FnOnce(&Scope, i64) -> Result<(), Refusal>) -> Outcome {
        let id = self.issue(verb);
        self.answer(id)
    }

    /// Opens `endpoint` as `options` say, beyond the scope that all tests have.
    pub fn connect_with(&self, endpoint: &str, options: ConnectOptions) -> Outcome {
        let options = ConnectOptions {
            endpoint: endpoint.into(),
            namespace: Some("test".into()),
            database: Some("test".into()),
            ..options
        };
        self.ask(|db, id| db.connect(id, options))
    }

    pub fn connect(&self, endpoint: &str) -> Outcome {
        let id = self.issue_connect(endpoint);
        self.answer(id)
    }

    pub fn issue_connect(&self, endpoint: &str) -> i64 {
        let options = ConnectOptions {
            endpoint: endpoint.into(),
            namespace: Some("test".into()),
            database: Some("test".into()),
            ..ConnectOptions::default()
        };
        self.issue(|db, id| db.connect(id, options))
    }

    pub fn use_namespace(&self, name: &str) -> Outcome {
        self.ask(|db, id| db.use_namespace(id, name.into()))
    }

    pub fn use_database(&self, name: &str) -> Outcome {
        self.ask(|db, id| db.use_database(id, name.into()))
    }

    pub fn issue_query(&self, sql: &str) -> i64 {
        self.issue(|db, id| db.query(id.into(), sql.into(), b"{}".into()))
    }

    pub fn query(&self, sql: &str) -> Outcome {
        let id = self.issue_query(sql);
        self.answer(id)
    }

    /// The value of the only statement of `sql`.
    pub fn value(&self, sql: &str) -> Value {
        self.query(sql).unwrap()[0]["value"].clone()
    }

    pub fn run(&self, operation: &str, arguments: Value) -> Outcome {
        let id = self.issue_operation(operation, arguments);
        self.answer(id)
    }

    /// Asks for an operation by its name.
    pub fn issue_operation(&self, operation: &str, arguments: Value) -> i64 {
        self.issue(|_, id| {
            let arguments = arguments.to_string().into();
            let asked = Asked { handle: self.handle, request: id.into(), arguments };
            Operation::named(operation).unwrap().ask(&self.database, asked)
        })
    }

    pub fn select(&self, resource: &str) -> Outcome {
        self.run("select", json!({ "resource": resource }))
    }

    pub fn create(&self, resource: &str, data: Value) -> Outcome {
        self.run("create", json!({ "resource": resource, "data": data }))
    }

    pub fn update(&self, resource: &str, data: Value) -> Outcome {
        self.run("update", json!({ "resource": resource, "data": data }))
    }

    pub fn delete(&self, resource: &str) -> Outcome {
        self.run("delete", json!({ "resource": resource }))
    }

    pub fn close(&self) -> Outcome {
        self.ask(|db, id| db.close(id))
    }
}
