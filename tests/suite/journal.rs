//! The journal of paid answers: killed processes, two processes, damaged files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::type_complexity,
    clippy::disallowed_methods,
    reason = "what goes wrong in a test ends it, and its figures are for people"
)]

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::project::Project;
use super::translate::server::Server;
use super::translate::translation;

/// A workspace with one article of this many sentences, each its own.
fn workspace(sentences: usize) -> Project {
    let project = Project::new();
    let mut text = String::from("一篇测试文章\n\n");
    for n in 0..sentences {
        text.push_str(&format!(
            "这是第{n}句需要翻译的话，它和别的话都不一样。\n\n"
        ));
    }
    project.write("sources/a.txt", text);
    project
}

fn start(project: &Project, server: &Server, concurrency: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["-C", project.path("").to_str().unwrap()])
        .args([
            "translate",
            "--engine",
            "libretranslate",
            "--base-url",
            &server.address,
        ])
        .args(["--batch", "1", "--concurrency", concurrency])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn finish(child: Child) -> (i32, String) {
    let output = child.wait_with_output().unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// How many sentences of the record have a target.
fn filled(project: &Project) -> usize {
    project
        .read("translations/a.en.xlf")
        .matches("<target")
        .count()
}

/// `DUIZHAO_KILLS` sets the number of runs; 50 are the measure, a dozen keep the suite short.
#[test]
fn a_killed_run_is_never_paid_for_twice() {
    let kills: u64 = std::env::var("DUIZHAO_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(12);
    // Other tests keep the machine busy meanwhile: a process gets this long to read an answer.
    let grace = Duration::from_millis(150);
    let server = Server::with_grace(Duration::from_millis(40), translation, grace);
    let mut killed = 0;
    let mut seed = 20_240_501u64;
    let mut project = workspace(300);
    let mut before = 0;
    while killed < kills {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let concurrency = ["1", "4", "16"][(seed >> 33) as usize % 3];
        let mut child = start(&project, &server, concurrency);
        std::thread::sleep(Duration::from_millis(60 + (seed >> 40) % 500));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        if server.texts() - before == 301 {
            // Everything is paid for: begin a new book.
            before = server.texts();
            let (status, stderr) = finish(start(&project, &server, "8"));
            assert_eq!(status, 0, "{stderr}");
            project = workspace_with(300, killed);
        }
    }
    let (status, stderr) = finish(start(&project, &server, "16"));
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(filled(&project), 301);
    eprintln!(
        "{killed} kills, {} texts, {} answered twice",
        server.texts(),
        server.twice()
    );
    assert_eq!(server.twice(), 0);
}

#[test]
fn an_interrupted_run_saves_what_is_in_flight_and_is_gone_on_with() {
    let server = Server::start(Duration::from_millis(100), translation);
    let project = workspace(60);
    let mut child = start(&project, &server, "4");
    while server.texts() < 3 {
        assert!(child.try_wait().unwrap().is_none(), "it is still at it");
        std::thread::sleep(Duration::from_millis(10));
    }
    let interrupted = Command::new("sh")
        .args(["-c", &format!("kill -INT {}", child.id())])
        .status();
    assert!(interrupted.unwrap().success());
    let (status, stderr) = finish(child);
    assert_eq!(status, 130, "{stderr}");
    assert!(stderr.contains("the same command goes on"), "{stderr}");
    let answered = server.texts();
    assert!((1..61).contains(&answered), "{answered}");
    assert_eq!(filled(&project), answered, "all that was answered is saved");

    let (status, stderr) = finish(start(&project, &server, "16"));
    assert_eq!(status, 0, "{stderr}");
    assert_eq!((server.texts(), server.twice()), (61, 0));
}

#[test]
fn a_key_comes_from_a_file_or_a_command_and_is_never_shown() {
    let server = Server::start(Duration::ZERO, translation);
    let project = workspace(3);
    project.write("key", "from-a-file\n");
    let file = project.path("key").display().to_string();
    let variable = |end: &str| format!("LIBRETRANSLATE_API_KEY{end}");
    let run = |name: &str, value: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_duizhao"))
            .args(["-C", project.path("").to_str().unwrap()])
            .args(["translate", "--engine", "libretranslate"])
            .args(["--base-url", &server.address])
            .env_remove(variable(""))
            .env(name, value)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    let (status, stderr) = run(&variable("_FILE"), &file);
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(server.keys(), ["from-a-file"]);
    project.write("sources/b.txt", "另一篇\n\n这里还有一句话要翻译出来。\n");
    let (status, stderr) = run(&variable("_COMMAND"), "echo from-a-command");
    assert_eq!(status, Some(0), "{stderr}");
    assert_eq!(server.keys(), ["from-a-command", "from-a-file"]);
    assert!(!stderr.contains("from-a-command"), "{stderr}");

    // Nobody is asked for a key where there is nothing to send.
    let (status, stderr) = run(&variable("_COMMAND"), "exit 3");
    assert_eq!(status, Some(0), "{stderr}");

    project.write("sources/c.txt", "第三篇\n\n这里也有一句话要翻译出来。\n");
    for (name, value) in [
        ("_FILE", "/nowhere/key"),
        ("_COMMAND", "echo secret; exit 3"),
    ] {
        let (status, stderr) = run(&variable(name), value);
        assert_eq!(status, Some(2), "{stderr}");
        assert!(stderr.contains(&variable(name)), "{stderr}");
        assert!(!stderr.contains("secret"), "{stderr}");
    }
}

/// Like [`workspace`], with texts that no other one has.
fn workspace_with(sentences: usize, salt: u64) -> Project {
    let project = Project::new();
    let mut text = format!("另一篇测试文章之{salt}\n\n");
    for n in 0..sentences {
        text.push_str(&format!(
            "这是第{salt}篇的第{n}句需要翻译的话，它和别的话都不一样。\n\n"
        ));
    }
    project.write("sources/a.txt", text);
    project
}

#[test]
fn two_processes_share_the_work() {
    let server = Server::start(Duration::from_millis(30), translation);
    let project = workspace(120);
    project.done(&["translate"]);
    let one = start(&project, &server, "8");
    let two = start(&project, &server, "8");
    let (first, second) = (finish(one), finish(two));
    assert_eq!((first.0, second.0), (0, 0), "{} {}", first.1, second.1);
    assert_eq!(server.twice(), 0);
    assert_eq!(server.texts(), 121);
    assert_eq!(filled(&project), 121);
}

#[test]
fn a_journal_that_is_none_is_an_error_with_advice() {
    let server = Server::start(Duration::ZERO, translation);
    let project = workspace(3);
    project.write(".duizhao/journal.sqlite", vec![b'x'; 5000]);
    let (status, stderr) = finish(start(&project, &server, "1"));
    assert_eq!(status, 3, "{stderr}");
    assert!(
        stderr.contains("journal.sqlite") && stderr.contains("move the file away"),
        "{stderr}"
    );
    assert_eq!(server.texts(), 0);
}
