//! Endpoints are read as they are written.

use surrealdartb_store::Endpoint;

#[test]
fn the_path_is_taken_as_it_is() {
    for path in ["/a/b", "relative", "with space", "ünï/日本", "a?sync=never", "~/x", "a://b"] {
        let endpoint = Endpoint::parse(&format!("rocksdb://{path}")).unwrap();
        assert_eq!(endpoint, Endpoint::RocksDb(path.into()));
    }
    assert_eq!(Endpoint::parse("mem://").unwrap(), Endpoint::Memory);
}

#[test]
fn other_texts_are_refused() {
    for bad in ["", "mem", "memory", "mem://x", "rocksdb://", "rocksdb:/x", "ws://h", "://"] {
        assert!(Endpoint::parse(bad).is_err(), "{bad}");
    }
}
