//! A LibreTranslate with a thread for each connection, light enough to be measured against.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// A LibreTranslate that knows whether its answers arrived: an answer counts when the connection
/// still stood as it was written.
pub struct Server {
    pub address: String,
    answered: Arc<Mutex<BTreeMap<String, usize>>>,
    keys: Arc<Mutex<BTreeSet<String>>>,
}

impl Server {
    pub fn start(latency: Duration, translate: fn(&str) -> String) -> Self {
        Self::with_grace(latency, translate, Duration::ZERO)
    }

    /// The same, but an answer counts only if its client is still there after `grace`: whether a
    /// client that was killed sooner had read it, nobody can tell.
    pub fn with_grace(latency: Duration, translate: fn(&str) -> String, grace: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answered: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let keys: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let (counts, seen) = (Arc::clone(&answered), Arc::clone(&keys));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { break };
                let (counts, seen) = (Arc::clone(&counts), Arc::clone(&seen));
                let service = move || serve(stream, latency, translate, grace, &counts, &seen);
                let thread = std::thread::Builder::new().name("service".to_owned());
                thread.spawn(service).unwrap();
            }
        });
        Self {
            address,
            answered,
            keys,
        }
    }

    /// Texts that were answered more than once.
    pub fn twice(&self) -> usize {
        let answered = self.answered.lock().unwrap();
        answered.values().filter(|count| **count > 1).count()
    }

    /// The keys that were sent, sorted.
    #[allow(
        dead_code,
        reason = "the benchmark, which uses this server too, has no keys"
    )]
    pub fn keys(&self) -> Vec<String> {
        self.keys.lock().unwrap().iter().cloned().collect()
    }

    /// Texts that were answered.
    pub fn texts(&self) -> usize {
        self.answered.lock().unwrap().len()
    }
}

fn serve(
    mut stream: TcpStream,
    latency: Duration,
    translate: fn(&str) -> String,
    grace: Duration,
    answered: &Mutex<BTreeMap<String, usize>>,
    keys: &Mutex<BTreeSet<String>>,
) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = Vec::new();
    loop {
        let Some(body) = read_body(&mut stream, &mut buffer) else {
            return;
        };
        if let Some(key) = body["api_key"].as_str() {
            keys.lock().unwrap().insert(key.to_owned());
        }
        std::thread::sleep(latency);
        let texts: Vec<String> = body["q"]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect();
        let targets: Vec<String> = texts.iter().map(|text| translate(text)).collect();
        let reply = json!({ "translatedText": targets }).to_string();
        let reply = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{reply}",
            reply.len()
        );
        stream.set_nonblocking(true).unwrap();
        let gone = !matches!(stream.peek(&mut [0]), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock);
        stream.set_nonblocking(false).unwrap();
        if gone || stream.write_all(reply.as_bytes()).is_err() {
            return;
        }
        if !grace.is_zero() {
            std::thread::sleep(grace);
            stream.set_nonblocking(true).unwrap();
            let gone = match stream.peek(&mut [0]) {
                Ok(read) => read == 0,
                Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
            };
            stream.set_nonblocking(false).unwrap();
            if gone {
                return;
            }
        }
        let mut answered = answered.lock().unwrap();
        for text in texts {
            *answered.entry(text).or_default() += 1;
        }
    }
}

fn read_body(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Value> {
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(buffer);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length: usize = head
                .lines()
                .find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    name.eq_ignore_ascii_case("content-length")
                        .then(|| value.trim().parse().ok())?
                })
                .unwrap_or(0);
            let start = head.len() + 4;
            if buffer.len() >= start + length {
                let body = serde_json::from_slice(&buffer[start..start + length]).ok();
                buffer.drain(..start + length);
                return body;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(read) => buffer.extend_from_slice(&chunk[..read]),
        }
    }
}
