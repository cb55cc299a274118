//! Endpoints are read as they are written.

use surrealdartb_store::Endpoint;

#[test]
fn the_path_is_taken_as_it_is() {
    for path in ["/a/b", "relative", "with space", "ünï/日本", "a?sync=never", "~/x", "a://b"] {
        let endpoint = Endpoint::parse(&format!("rocksdb://{path}")).unwrap();
        assert_eq!(endpoint, Endpoint::RocksDb(path.into()));
    }
    assert_eq!(Endpoint::parse("mem://").unwrap(), Endpoint::Memory);
    let shared = Endpoint::parse("mem://a name: //x").unwrap();
    assert_eq!(shared, Endpoint::SharedMemory("a name: //x".into()));
}

#[test]
fn other_texts_are_refused() {
    for bad in ["", "mem", "memory", "rocksdb://", "rocksdb:/x", "ws://h", "://"] {
        assert!(Endpoint::parse(bad).is_err(), "{bad}");
    }
}
