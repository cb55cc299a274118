//! A folder's lock.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use surrealdartb_files::{Folder, FolderLock, Locked};
use tempfile::TempDir;

fn take(path: &Path) -> Result<FolderLock, Locked> {
    FolderLock::take(Arc::new(Folder::create(path).expect("the folder")))
}

fn is_elsewhere(taken: &Result<FolderLock, Locked>) -> bool {
    matches!(taken, Err(Locked::Elsewhere))
}

#[test]
fn is_held_once_and_free_when_it_is_dropped() {
    let root = TempDir::new().unwrap();
    let held = take(root.path()).unwrap();
    assert!(is_elsewhere(&take(root.path())));
    drop(held);
    take(root.path()).unwrap();
}

#[test]
#[cfg(unix)]
fn survives_reading_and_copying_every_file_of_the_folder() {
    let root = TempDir::new().unwrap();
    let copy = TempDir::new().unwrap();
    let _held = take(root.path()).unwrap();
    for entry in fs::read_dir(root.path()).unwrap() {
        let path = entry.unwrap().path();
        fs::read(&path).unwrap();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    assert!(is_elsewhere(&take(root.path())));
    take(copy.path()).unwrap();
}

#[test]
#[cfg(unix)]
fn is_the_same_through_a_symbolic_link() {
    let root = TempDir::new().unwrap();
    let folder = root.path().join("folder");
    let _held = take(&folder).unwrap();
    std::os::unix::fs::symlink(&folder, root.path().join("link")).unwrap();
    let link = Folder::open(&root.path().join("link")).unwrap();
    assert_eq!(link.id(), Folder::open(&folder).unwrap().id());
    assert!(is_elsewhere(&FolderLock::take(Arc::new(link))));
}

#[test]
#[cfg(unix)]
fn notices_that_the_folder_was_deleted() {
    let root = TempDir::new().unwrap();
    let path = root.path().join("store");
    let held = take(&path).unwrap();
    held.check().unwrap();
    fs::remove_dir_all(&path).unwrap();
    assert!(held.check().unwrap_err().contains("deleted"));
}

#[test]
#[cfg(unix)]
fn a_folder_that_has_replaced_a_locked_one_waits_for_its_end() {
    let root = TempDir::new().unwrap();
    let path = root.path().join("store");
    let held = take(&path).unwrap();
    fs::rename(&path, root.path().join("moved")).unwrap();
    assert!(held.check().is_err());
    assert!(matches!(take(&path), Err(Locked::Replaced)));
    drop(held);
    take(&path).unwrap().check().unwrap();
}

#[test]
#[cfg(unix)]
fn a_deleted_folder_keeps_its_identity_for_as_long_as_it_is_held() {
    let root = TempDir::new().unwrap();
    let path = root.path().join("store");
    for _ in 0..50 {
        let old = Folder::create(&path).unwrap();
        fs::remove_dir(&path).unwrap();
        let new = Folder::create(&path).unwrap();
        assert_ne!(old.id(), new.id());
        fs::remove_dir(&path).unwrap();
    }
}

/// Names the file that [`other_program`] locks.
#[cfg(unix)]
const LOCK_OF_OTHER: &str = "SURREALDARTB_LOCK_OF_OTHER";

/// Not a test: the program that the tests below start. It knows only RocksDB's
/// lock, says whether it has got it, and holds it until its input ends.
#[test]
#[ignore = "started by other tests"]
#[cfg(unix)]
fn other_program() {
    use rustix::fs::{FlockOperation, fcntl_lock};
    let Some(path) = std::env::var_os(LOCK_OF_OTHER) else { return };
    let file = fs::File::options().read(true).write(true).open(path).unwrap();
    let locked = fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).is_ok();
    println!("\nlocked: {locked}");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// A program that knows only RocksDB's lock, and has tried to take that of a
/// folder.
#[cfg(unix)]
struct OtherProgram {
    process: Child,
    /// Open until it ends, so that it can write what a test does at its end.
    _output: BufReader<ChildStdout>,
    has_locked: bool,
}

#[cfg(unix)]
impl OtherProgram {
    fn at(folder: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "other_program", "--ignored", "--nocapture"])
            .env(LOCK_OF_OTHER, folder.join("LOCK"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut said = output.by_ref().lines().map(Result::unwrap);
        let said = said.find(|it| it.starts_with("locked: ")).expect("it says whether");
        Self { process, _output: output, has_locked: said == "locked: true" }
    }
}

#[cfg(unix)]
impl Drop for OtherProgram {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

#[test]
#[cfg(unix)]
fn is_seen_by_a_program_that_knows_only_the_lock_of_rocksdb() {
    let root = TempDir::new().unwrap();
    let held = take(root.path()).unwrap();
    assert!(!OtherProgram::at(root.path()).has_locked);
    // Lost, as when the program copies its store's folder.
    fs::read(root.path().join("LOCK")).unwrap();
    assert!(OtherProgram::at(root.path()).has_locked, "reading LOCK no longer frees it");
    held.check().unwrap();
    assert!(!OtherProgram::at(root.path()).has_locked, "check() has not taken the lock again");
}

#[test]
#[cfg(unix)]
fn notices_a_program_that_took_the_lost_lock_of_rocksdb() {
    let root = TempDir::new().unwrap();
    let held = take(root.path()).unwrap();
    fs::read(root.path().join("LOCK")).unwrap();
    let _other = OtherProgram::at(root.path());
    assert!(held.check().unwrap_err().contains("another program"));
}

#[test]
#[cfg(unix)]
fn a_folder_that_such_a_program_has_open_is_refused_and_left_as_it_is() {
    let root = TempDir::new().unwrap();
    drop(take(root.path()).unwrap());
    let names = || fs::read_dir(root.path()).unwrap().count();
    let before = names();
    let _other = OtherProgram::at(root.path());
    for _ in 0..20 {
        assert!(is_elsewhere(&take(root.path())));
    }
    assert_eq!(names(), before);
}

#[test]
#[cfg(unix)]
fn is_free_at_once_although_a_process_that_was_just_started_still_has_its_file() {
    let root = TempDir::new().unwrap();
    let held = take(root.path()).unwrap();
    // As between the fork and the exec of any process: a second descriptor of
    // the same open file.
    let inherited = held.file().try_clone().unwrap();
    drop(held);
    take(root.path()).unwrap();
    drop(inherited);
}

#[test]
fn a_path_that_is_a_file_is_refused() {
    let root = TempDir::new().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(Folder::create(&file).is_err());
    assert!(Folder::create(&file.join("below")).is_err());
    if cfg!(target_os = "linux") {
        assert!(Folder::create(Path::new("/proc/none/below")).is_err());
    }
}
