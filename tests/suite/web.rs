//! The web edition: whole without a script, safe with one, and served on loopback.

#![allow(clippy::expect_used, reason = "a test stops where it can't go on")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::project::{Project, peer, peers, sample};

const ARTICLE: &str = "build/web/jilin-daily-liberate-thinking-1.html";

fn built() -> Project {
    let project = Project::sample();
    project.done(&["build"]);
    project
}

fn pages(project: &Project) -> Vec<(String, String)> {
    project
        .files("build/web")
        .into_iter()
        .filter(|(name, _)| has_extension(name, "html"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("UTF-8")))
        .collect()
}

fn has_extension(name: &str, extension: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|other| other == extension)
}

fn values<'a>(text: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    text.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn links_are_relative_and_lead_somewhere() {
    let project = built();
    for (page, text) in pages(&project) {
        for link in [values(&text, "href"), values(&text, "src")].concat() {
            assert!(
                !link.starts_with('/') && !link.contains("://"),
                "{page}: {link}"
            );
            let file = link.split('#').next().expect("a part");
            if !file.is_empty() {
                assert!(
                    project.path(&format!("build/web/{file}")).is_file(),
                    "{page}: {link}"
                );
            }
        }
    }
}

#[test]
fn no_page_has_a_script_or_style_inside() {
    let project = built();
    for (page, text) in pages(&project) {
        assert!(
            text.contains("default-src 'none'; script-src 'self'"),
            "{page}"
        );
        assert!(!text.contains("unsafe"), "{page}");
        assert!(
            !text.contains("<style") && !text.contains(" style="),
            "{page}"
        );
        for script in text.split("<script").skip(1) {
            assert!(
                script.starts_with(" src=") && script.contains("defer></script>"),
                "{page}"
            );
        }
        let handlers = text.split(" on").skip(1).filter(|rest| {
            let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            rest[name.len()..].starts_with("=\"")
        });
        assert_eq!(handlers.count(), 0, "{page}");
    }
}

#[test]
fn every_sentence_has_its_record_s_id_and_a_partner() {
    let project = built();
    let page = project.read(ARTICLE);
    let record = project.read("translations/jilin-daily-liberate-thinking-1.en.xlf");
    let units: BTreeSet<&str> = record
        .split("<unit id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let ids: BTreeSet<&str> = values(&page, "id").into_iter().collect();
    for unit in &units {
        assert!(ids.contains(unit), "{unit} has no place");
        let sides = values(&page, "data-s")
            .iter()
            .filter(|s| s.split(' ').any(|id| id == *unit))
            .count();
        assert_eq!(sides, 2, "{unit}");
    }
    let bytes: u64 = [
        ARTICLE,
        "build/web/style.css",
        "build/web/reader.js",
        "build/web/icon.svg",
    ]
    .iter()
    .map(|name| std::fs::metadata(project.path(name)).expect("a file").len())
    .sum();
    assert!(bytes < 60_000, "{bytes} bytes for an article");
}

#[test]
fn downloads_say_their_size_and_digest() {
    let project = built();
    let index = project.read("build/web/index.html");
    let manifest: serde_json::Value =
        serde_json::from_str(&project.read("build/manifest.json")).expect("JSON");
    let mut found = 0;
    for file in manifest["files"].as_array().expect("files") {
        let name = file["name"].as_str().expect("a name");
        if let Some(book) = name
            .strip_prefix("web/books/")
            .filter(|name| has_extension(name, "epub"))
        {
            assert!(index.contains(&format!("href=\"books/{book}\"")), "{book}");
            assert!(
                index.contains(file["sha256"].as_str().expect("a digest")),
                "{book}"
            );
            found += 1;
        }
    }
    assert_eq!(found, 3);
}

#[test]
fn feeds_are_well_formed_and_absolute_where_the_address_is_known() {
    let project = built();
    let feeds = ["opds.xml", "feed.atom"];
    for feed in feeds {
        let text = project.read(&format!("build/web/{feed}"));
        well_formed(&text);
        for link in values(&text, "href") {
            assert!(!link.contains("://"), "{feed}: {link}");
        }
    }
    let config = project.read("duizhao.toml");
    project.write(
        "duizhao.toml",
        config + "\n[web]\naddress = \"https://papers.example/zh\"\n",
    );
    project.done(&["build"]);
    for feed in feeds {
        let text = project.read(&format!("build/web/{feed}"));
        well_formed(&text);
        for link in values(&text, "href") {
            assert!(
                link.starts_with("https://papers.example/zh/"),
                "{feed}: {link}"
            );
        }
    }
    let catalog: serde_json::Value =
        serde_json::from_str(&project.read("build/web/opds.json")).expect("JSON");
    let book = &catalog["publications"][0];
    assert_eq!(
        book["metadata"]["title"]["en"],
        "Freeing Minds, Reviving the Northeast (Bilingual, side by side)"
    );
    let link = book["links"][0]["href"].as_str().expect("a link");
    assert_eq!(
        link,
        "https://papers.example/zh/books/liberate-thinking.epub"
    );
}

fn well_formed(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return,
            Ok(_) => {}
            Err(error) => panic!("{error}: {text}"),
        }
    }
}

#[test]
fn catalogs_and_the_index_come_in_pages() {
    let project = Project::new();
    for number in 0..120 {
        let text = format!("第{number}篇的标题\n\n这是正文。\n");
        project.write(&format!("sources/a{number:03}.txt"), text);
    }
    let config = project.read("duizhao.toml");
    project.write(
        "duizhao.toml",
        config + "volume = \"size:1\"\neditions = [\"source\"]\n",
    );
    project.done(&["build"]);
    for (first, second) in [
        ("index.html", "index-2.html"),
        ("opds.xml", "opds-2.xml"),
        ("opds.json", "opds-2.json"),
    ] {
        assert!(
            project.read(&format!("build/web/{first}")).contains(second),
            "{first}"
        );
        assert!(project.path(&format!("build/web/{second}")).is_file());
    }
    let listed = pages(&project)
        .iter()
        .filter(|(name, _)| name.contains("/index"))
        .map(|(_, text)| text.matches("<li><a href=\"a").count())
        .sum::<usize>();
    assert_eq!(listed, 120);
}

#[test]
fn the_sitemap_has_all_pages_and_needs_an_address() {
    let project = Project::new();
    for number in 0..101 {
        let text = format!("第{number}篇的标题\n\n这是正文。\n");
        project.write(&format!("sources/a{number:03}.txt"), text);
    }
    let config = project.read("duizhao.toml");
    let address = "\n[web]\naddress = \"https://papers.example/zh\"\n";
    project.write("duizhao.toml", config.clone() + address);
    project.done(&["build"]);
    let sitemap = project.read("build/web/sitemap.xml");
    well_formed(&sitemap);
    let mut listed: Vec<String> = sitemap
        .split("<loc>https://papers.example/zh/")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .map(|name| format!("build/web/{name}"))
        .collect();
    listed.sort();
    let names: Vec<String> = pages(&project).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), 103);
    assert_eq!(listed, names);
    // No sitemap may have a relative address.
    project.write("duizhao.toml", config);
    project.done(&["build"]);
    assert!(!project.path("build/web/sitemap.xml").exists());
}

#[test]
fn text_from_strangers_is_text() {
    let project = Project::new();
    let evil = "标题\"><script>alert(1)</script>&\u{201d}";
    project.write(
        "sources/a.txt",
        format!("{evil}\n\n正文</script><!--\u{201c}引号\u{201d}。\n"),
    );
    project.done(&["publish"]);
    for (page, text) in pages(&project) {
        assert!(
            !text.contains("<script>") && !text.contains("<!--"),
            "{page}: {text}"
        );
    }
    for feed in ["opds.xml", "feed.atom"] {
        well_formed(&project.read(&format!("build/web/{feed}")));
    }
    let index: serde_json::Value =
        serde_json::from_str(&project.read("build/web/search/index.json")).expect("JSON");
    assert_eq!(index["articles"].as_array().map(Vec::len), Some(1));
}

/// A server that is ended with its test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(project: &Project) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_duizhao"))
            .args(["serve", "--port", "0", "-C"])
            .arg(project.path(""))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let address = line
            .trim()
            .trim_start_matches("http://")
            .trim_end_matches('/');
        Self {
            address: address.to_owned(),
            child,
        }
    }

    /// The whole answer to a request for this path, as it stands.
    fn get(&self, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_server_shows_the_site_and_nothing_else() {
    let project = Project::sample();
    let server = Server::start(&project);
    assert!(
        server.address.starts_with("127.0.0.1:"),
        "{}",
        server.address
    );
    let index = server.get("/", "localhost");
    assert!(
        index.starts_with("HTTP/1.1 200") && index.contains("Freeing Minds"),
        "{index}"
    );
    assert!(
        server
            .get("/index.html", "127.0.0.1:1")
            .starts_with("HTTP/1.1 200")
    );
    for path in [
        "/../manifest.json",
        "/%2e%2e/manifest.json",
        "/..%2fmanifest.json",
        "/%2e%2e%2f%2e%2e%2fduizhao.toml",
        "/books/../../manifest.json",
        "/..\\manifest.json",
        "//etc/passwd",
        "/%00",
    ] {
        let answer = server.get(path, "localhost");
        assert!(!answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        assert!(
            !answer.contains("sha256") && !answer.contains("[[book]]"),
            "{path}: {answer}"
        );
    }
    let other = server.get("/", "evil.example");
    assert!(other.starts_with("HTTP/1.1 403"), "{other}");
}

#[test]
fn the_server_builds_again_when_a_translation_changes() {
    let project = Project::sample();
    let server = Server::start(&project);
    let path = "/jilin-daily-liberate-thinking-1.html";
    assert!(
        !server
            .get(path, "localhost")
            .contains("Quite Another Title")
    );
    let record = "translations/jilin-daily-liberate-thinking-1.en.xlf";
    let text = project.read(record);
    let changed = text.replacen("<target>Tonghua County:", "<target>Quite Another Title:", 1);
    assert_ne!(text, changed);
    project.write(record, "<broken");
    std::thread::sleep(Duration::from_millis(500));
    assert!(
        server.get(path, "localhost").contains("Tonghua County"),
        "the last pages stay"
    );
    project.write(record, changed);
    let start = Instant::now();
    while !server
        .get(path, "localhost")
        .contains("Quite Another Title")
    {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "nothing was built again"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Runs one of the scripts in tests/peers on the web edition.
fn look(script: &str) {
    let Some(peers) = peers() else { return };
    let project = built();
    let output = peer(
        Command::new("node")
            .arg(sample().join("tests/peers").join(script))
            .arg(project.path("build/web"))
            .env("DUIZHAO_PEERS", peers),
    );
    let words = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
}

#[test]
fn browsers_axe_and_the_nu_checker_find_nothing() {
    look("web.mjs");
}

#[test]
fn reading_apps_take_the_catalogs() {
    look("opds.mjs");
}

#[test]
fn the_server_sees_folders_and_files_that_come_later() {
    let project = Project::new();
    project.write("sources/bridge.txt", "古桥修好了\n\n石桥建于明代。\n");
    let server = Server::start(&project);
    let shows = |text: &str| {
        let page = || server.get("/bridge.html", "localhost");
        for _ in 0..100 {
            if page().contains(text) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("{text} is not shown: {}", page());
    };
    shows("石桥");
    // The folder translations/ is new; what is changed in it afterwards is seen too.
    project.write("target.txt", "The Old Bridge\n\nIt dates from the Ming.\n");
    project.done(&["align", "sources/bridge.txt", "target.txt"]);
    shows("It dates from the Ming.");
    let record = project.read("translations/bridge.en.xlf");
    project.write(
        "translations/bridge.en.xlf",
        record.replace("It dates from", "It was built under"),
    );
    shows("It was built under the Ming.");
    // So is a file that duizhao.toml names only now.
    let rules = |end: &str| {
        format!(
            "<srx xmlns=\"http://www.lisa.org/srx20\" version=\"2.0\"><header segmentsubflows=\"yes\" \
             cascade=\"no\"/><body><languagerules><languagerule languagerulename=\"all\"><rule \
             break=\"yes\"><beforebreak>{end}</beforebreak><afterbreak></afterbreak></rule>\
             </languagerule></languagerules><maprules><languagemap languagepattern=\".*\" \
             languagerulename=\"all\"/></maprules></body></srx>"
        )
    };
    project.write("rules/zh.srx", rules("。"));
    let settings = project.read("duizhao.toml");
    project.write(
        "duizhao.toml",
        settings.replace("[[book]]", "[segment]\nsrx = \"rules/zh.srx\"\n\n[[book]]"),
    );
    shows("id=\"s2\"");
    project.write("rules/zh.srx", rules("石"));
    shows("id=\"s3\"");
}
