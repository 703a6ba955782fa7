//! A workspace in a folder of its own, the program run in it, and the peers that look at what it
//! made.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The folder of the package: the sample workspace.
pub fn sample() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder with the schemas and data that are not part of the project; None, with a word on
/// stderr, where it is absent.
pub fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("DUIZHAO_SHARED")
        .map_or_else(|| sample().join("../shared"), PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// The folder with the installed peers; None, with a word on stderr, where there is none.
pub fn peers() -> Option<PathBuf> {
    let path = std::env::var_os("DUIZHAO_PEERS").map(PathBuf::from);
    if path.is_none() {
        eprintln!("skipped: DUIZHAO_PEERS is not set; `tests/run` installs peers and sets it");
    }
    path
}

/// A workspace that is removed when the test ends.
pub struct Project {
    dir: tempfile::TempDir,
}

/// How a run of the program ended.
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    /// An empty workspace, Chinese to English, with one book.
    pub fn new() -> Self {
        let project = Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        };
        project.write(
            "duizhao.toml",
            "source = \"zh-Hans\"\ntargets = [\"en\"]\n\n[[book]]\nid = \"book\"\n\
             title = { zh-Hans = \"书\", en = \"Book\" }\n",
        );
        project
    }

    /// A copy of the sample workspace.
    pub fn sample() -> Self {
        let project = Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        };
        for folder in ["sources", "glossary", "translations"] {
            copy_folder(&sample().join(folder), &project.path(folder));
        }
        for file in ["duizhao.toml", "cover.png"] {
            std::fs::copy(sample().join(file), project.path(file)).expect("the sample's file");
        }
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a written file");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Runs the program in the workspace.
    pub fn run(&self, args: &[&str]) -> Ran {
        run_in(self.dir.path(), args)
    }

    /// Runs the program and expects it to be done.
    pub fn done(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.status, 0, "{args:?}: {}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    /// Starts the program in the workspace and does not wait for it.
    pub fn start(&self, args: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_duizhao"))
            .args(args)
            .current_dir(self.dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// Keeps the program from writing in the workspace as long as the file lives, as another
    /// process that writes does.
    pub fn hold(&self) -> File {
        std::fs::create_dir_all(self.path(".duizhao")).expect("a folder");
        let file = File::create(self.path(".duizhao/lock")).expect("a lock");
        file.lock().expect("the lock");
        file
    }

    /// Every file below a folder with its bytes, by name.
    pub fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.dir.path()).expect("below").display();
                    files.push((name.to_string(), std::fs::read(&path).expect("a file")));
                }
            }
        }
        files.sort();
        files
    }
}

/// Runs the program in a folder, without the user's environment.
pub fn run_in(folder: &Path, args: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(args)
        .current_dir(folder)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("the program starts");
    Ran {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Waits for a program that was started.
pub fn ended(child: Child) -> Ran {
    let output = child.wait_with_output().expect("the program ends");
    Ran {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a peer; its words are shown where it fails.
pub fn peer(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the sample's folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copied file");
        }
    }
}
