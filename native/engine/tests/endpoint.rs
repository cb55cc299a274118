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

#[cfg(target_os = "linux")]
#[test]
fn a_link_to_a_folder_whose_name_is_not_utf8_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join(OsStr::from_bytes(b"caf\xe9"));
    let link = folder.path().join("cafe");
    std::fs::create_dir(&real).unwrap();
    symlink(&real, &link).unwrap();
    let inside = link.join("below/stores");
    for path in [&link, &inside] {
        let mut json = Vec::new();
        Endpoint::parse(&format!("rocksdb://{}", path.display()))
            .expect_err("it cannot be named")
            .encode("connect", &mut json);
        let told = String::from_utf8(json).unwrap();
        assert!(told.contains("is not UTF-8") && told.contains("caf\u{fffd}"), "{told}");
    }
    // Nothing was made, here or where a lossy name would lead.
    assert_eq!(std::fs::read_dir(&real).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    std::fs::rename(&real, folder.path().join("café")).unwrap();
    std::fs::remove_file(&link).unwrap();
    symlink(folder.path().join("café"), &link).unwrap();
    Endpoint::parse(&format!("rocksdb://{}", link.display())).unwrap();
}
