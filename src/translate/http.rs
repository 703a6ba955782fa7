//! The one transport of all engines: bounded, and careful with keys.
//!
//! Contract: only `https`, but for loopback addresses; redirects are not followed, so that no key
//! reaches another host; a body ends at [`BODY`] bytes; compressed bodies are not asked for; no
//! error shows a key.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{StatusCode, Url, redirect};
use serde_json::Value;

use super::TranslateError;
use super::engine::{EngineError, Failure};
use super::secret::Secret;

/// A response body's limit in bytes. The largest honest answer is some hundred kilobytes.
const BODY: usize = 8 << 20;
/// What of a service's message an error quotes, in characters.
const QUOTE: usize = 300;
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// A request's time limit where the settings give none.
pub(super) const TIMEOUT: Duration = Duration::from_mins(2);

/// A client for one service.
#[derive(Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    base: String,
    key: Option<Secret>,
}

/// A response with a status that is no success.
#[derive(Debug)]
pub(super) struct Refused {
    /// The status.
    pub(super) status: u16,
    /// The body, if it is JSON.
    pub(super) body: Value,
    /// What the service said, shortened and without the key.
    pub(super) message: String,
    /// How long it asks to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// Whether it may be billed all the same.
    pub(super) maybe_billed: bool,
}

/// Why there is no body to read.
#[derive(Debug)]
pub(super) enum HttpError {
    /// The service answered with an error status.
    Refused(Refused),
    /// There was no whole answer. The bool says whether the request may have been billed.
    Broken(String, bool),
}

impl Http {
    /// A client for the service at `base`.
    pub(super) fn new(
        base: &str,
        key: Option<Secret>,
        timeout: Duration,
    ) -> Result<Self, TranslateError> {
        let wrong = |why: &str| TranslateError::Settings {
            message: format!("the address {:?} {why}", shown(base)),
        };
        let url = Url::parse(base).map_err(|error| wrong(&format!("is no URL: {error}")))?;
        let loopback = is_loopback(&url);
        if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
            return Err(wrong(
                "must begin with https:// (http is for servers on this machine)",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(
                "must not hold a name or password; keys come from the environment",
            ));
        }
        // One provider for the whole process; a second call finds it set and changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(timeout)
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(64)
            .tcp_nodelay(true)
            .referer(false)
            .user_agent(concat!("duizhao/", env!("CARGO_PKG_VERSION")));
        if loopback {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| wrong(&format!("can't be used: {}", chain(&error))))?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            key,
        })
    }

    /// The key, for a header.
    pub(super) fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
    }

    /// Sends `body` as JSON to `path` below the address and reads the JSON that comes back. Where
    /// it has an error in place of `answer`, which every answer has, it counts as refused.
    pub(super) async fn post(
        &self,
        path: &str,
        headers: &[(&'static str, String)],
        body: &Value,
        answer: &str,
    ) -> Result<Value, HttpError> {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .body(body.to_string())
            .header("content-type", "application/json");
        self.send(request, headers, Some(answer)).await
    }

    /// Sends a request without a body.
    pub(super) async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        headers: &[(&'static str, String)],
        body: Option<&Value>,
    ) -> Result<Value, HttpError> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request
                .body(body.to_string())
                .header("content-type", "application/json");
        }
        self.send(request, headers, None).await
    }

    async fn send(
        &self,
        mut request: reqwest::RequestBuilder,
        headers: &[(&'static str, String)],
        answer: Option<&str>,
    ) -> Result<Value, HttpError> {
        for (name, value) in headers {
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                HttpError::Broken(
                    "can't be asked: the key holds characters that no header can carry".to_owned(),
                    false,
                )
            })?;
            value.set_sensitive(true);
            request = request.header(*name, value);
        }
        let mut response = request.send().await.map_err(|error| {
            let billed = !error.is_connect() && !error.is_builder();
            HttpError::Broken(self.redact(&broken(&error)), billed)
        })?;
        let status = response.status();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > BODY => {
                    return Err(HttpError::Broken(
                        format!("sent more than {BODY} bytes"),
                        true,
                    ));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                // Of an error page that breaks off, what has come says enough.
                Err(_) if !status.is_success() => break,
                Err(error) => {
                    return Err(HttpError::Broken(self.redact(&broken(&error)), true));
                }
            }
        }
        if status.is_success() {
            let said: Value = serde_json::from_slice(&body).map_err(|error| {
                let start = self.quote(&String::from_utf8_lossy(&body));
                HttpError::Broken(format!("sent no JSON ({error}): {start}"), true)
            })?;
            if answer.is_some_and(|at| said.pointer(at).is_none()) && has_error(&said) {
                return Err(HttpError::Refused(self.refused(status, &headers, &body)));
            }
            return Ok(said);
        }
        Err(HttpError::Refused(self.refused(status, &headers, &body)))
    }

    fn refused(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Refused {
        let text = String::from_utf8_lossy(body);
        let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let said = ["/error/message", "/message", "/error", "/detail"]
            .iter()
            .find_map(|at| json.pointer(at)?.as_str())
            .map_or_else(|| self.quote(&text), |said| self.quote(said));
        let mut message = format!("answered {}", status.as_u16());
        if let Some(reason) = status.canonical_reason() {
            message = format!("{message} {reason}");
        }
        if let Some(to) = headers.get("location").and_then(|to| to.to_str().ok())
            && status.is_redirection()
        {
            message = format!(
                "{message} to {}; redirects are not followed, put the address in base_url",
                self.quote(&shown(to))
            );
        } else if !said.is_empty() {
            message = format!("{message}: {said}");
        }
        let inner = status.is_success().then(|| code(&json)).flatten();
        Refused {
            status: inner.unwrap_or(status.as_u16()),
            // A status of success may be paid for, unless the error says that nothing was done.
            maybe_billed: status.is_success() && inner.is_none_or(|inner| inner >= 500),
            body: json,
            message,
            retry_after: retry_after(headers),
        }
    }

    /// The beginning of what a service said, on one line. Without the key: it is taken out first,
    /// for of a key that is cut in two no half would be known.
    fn quote(&self, text: &str) -> String {
        quote(&self.redact(text))
    }

    fn redact(&self, text: &str) -> String {
        match &self.key {
            Some(key) => key.redact(text),
            None => text.to_owned(),
        }
    }
}

impl HttpError {
    /// What follows from it for most services: 429, 503 and 529 are busy, other 5xx and 408, 409
    /// and 425 pass, 401, 402, 403 and redirects are for good, other 4xx are about this request.
    pub(super) fn into_error(self) -> EngineError {
        match self {
            Self::Broken(message, maybe_billed) => EngineError {
                kind: Failure::Passing,
                message,
                retry_after: None,
                maybe_billed,
            },
            Self::Refused(refused) => {
                let kind = match refused.status {
                    429 | 503 | 529 => Failure::Busy,
                    // An error that came as a success, and does not say of what kind it is.
                    200..=299 => Failure::Passing,
                    408 | 409 | 425 | 500.. => Failure::Passing,
                    300..=399 | 401..=405 => Failure::Closed,
                    _ => Failure::Request,
                };
                refused.into_error(kind)
            }
        }
    }
}

impl Refused {
    /// The error with a kind that the service's own contract gives it.
    pub(super) fn into_error(self, kind: Failure) -> EngineError {
        EngineError {
            kind,
            message: self.message,
            retry_after: self.retry_after,
            maybe_billed: self.maybe_billed,
        }
    }
}

/// An address as it may be shown: without name, password and query, any of which may be secret.
fn shown(address: &str) -> String {
    if !address.contains(['@', '?', '#']) {
        return address.to_owned();
    }
    if let Ok(mut url) = Url::parse(address)
        && !url.cannot_be_a_base()
    {
        // Refused only where there is no host that they could belong to.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        url.set_query(None);
        url.set_fragment(None);
        return url.to_string();
    }
    // What is no address may hold secrets in the same places.
    let rest = address.rsplit('@').next().unwrap_or_default();
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    match address.split_once("://") {
        Some((scheme, _)) if address.contains('@') => format!("{scheme}://{rest}"),
        _ => rest.to_owned(),
    }
}

/// Whether a body holds an error.
fn has_error(said: &Value) -> bool {
    match said.get("error") {
        Some(Value::Object(error)) => !error.is_empty(),
        Some(Value::String(error)) => !error.is_empty(),
        _ => false,
    }
}

/// The status that an error inside a success stands for: its code, where that is a status, or
/// the kind that it names.
fn code(said: &Value) -> Option<u16> {
    let code = said.pointer("/error/code").or_else(|| said.get("code"));
    let number = code.and_then(|code| match code {
        Value::String(code) => code.parse().ok(),
        code => u16::try_from(code.as_u64()?).ok(),
    });
    let number = number.filter(|number| (400..600).contains(number));
    number.or_else(|| {
        Some(match said.pointer("/error/type")?.as_str()? {
            "invalid_request_error" => 400,
            "authentication_error" => 401,
            "billing_error" => 402,
            "permission_error" => 403,
            "rate_limit_error" => 429,
            "api_error" | "server_error" => 500,
            "overloaded_error" => 529,
            _ => return None,
        })
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// How long to leave a service alone that says until when, but not what time it has.
const UNDATED: Duration = Duration::from_mins(1);

/// How long the service asks to be left alone: `retry-after-ms`, else `retry-after` in seconds or
/// as a date, which is compared with the response's own date so that no clock is needed. Without
/// one it is a minute.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let number = |name: &str| text(name)?.trim().parse::<f64>().ok();
    let seconds = if let Some(ms) = number("retry-after-ms") {
        ms / 1000.0
    } else if let Some(seconds) = number("retry-after") {
        seconds
    } else {
        let when = |name: &str| {
            jiff::fmt::rfc2822::parse(text(name)?)
                .ok()
                .map(|date| date.timestamp())
        };
        let until = when("retry-after")?;
        let Some(date) = when("date") else {
            return Some(UNDATED);
        };
        let wait = until.as_second() - date.as_second();
        return Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)));
    };
    Duration::try_from_secs_f64(seconds.max(0.0)).ok()
}

fn broken(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "did not answer in time".to_owned()
    } else if error.is_connect() {
        format!("can't be reached: {}", chain(error))
    } else {
        format!("broke off: {}", chain(error))
    }
}

/// The innermost cause: the outer ones repeat the address.
fn chain(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

fn quote(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(QUOTE)
        .collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let ms = |pairs: &[(&'static str, &'static str)]| {
            retry_after(&headers(pairs)).map(|wait| wait.as_millis())
        };
        assert_eq!(ms(&[("retry-after", "2")]), Some(2000));
        assert_eq!(
            ms(&[("retry-after", "9"), ("retry-after-ms", "250")]),
            Some(250)
        );
        let date = [
            ("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT"),
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ];
        assert_eq!(ms(&date), Some(3000));
        assert_eq!(ms(&date[..1]), Some(60_000), "no date to compare with");
        assert_eq!(ms(&[("retry-after", "soon")]), None);
        assert_eq!(ms(&[("retry-after", "-5")]), Some(0));
        assert_eq!(ms(&[("retry-after", "1e300")]), None);
    }

    #[test]
    fn no_address_is_shown_with_what_may_be_secret() {
        for (address, safe) in [
            (
                "https://bob:hunter2@example.com/v1",
                "https://example.com/v1",
            ),
            (
                "https://example.com/v1?key=hunter2#x",
                "https://example.com/v1",
            ),
            ("https://bob:hun?ter2@example.com", "https://example.com"),
            ("bob:hunter2@example.com", "example.com"),
            ("http://example.com", "http://example.com"),
            ("/login?token=hunter2", "/login"),
        ] {
            assert_eq!(shown(address), safe);
            let refused = Http::new(address, None, TIMEOUT).map(|_| ());
            let message = format!("{refused:?}");
            assert!(!message.contains("hun"), "{message}");
        }
    }

    #[test]
    fn a_key_is_taken_out_before_a_message_is_cut() {
        let key = "sk-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let secret = Secret::new(key).unwrap();
        let http = Http::new("http://127.0.0.1:9", Some(secret), TIMEOUT).unwrap();
        for length in QUOTE - key.len()..QUOTE {
            let said = format!("{} {key}", "x".repeat(length));
            let body = serde_json::json!({"error": {"message": said}}).to_string();
            for body in [body.as_bytes(), said.as_bytes()] {
                let refused = http.refused(StatusCode::UNAUTHORIZED, &HeaderMap::new(), body);
                assert!(!refused.message.contains("sk-"), "{}", refused.message);
            }
        }
    }

    #[test]
    fn an_error_inside_a_success_has_its_own_kind() {
        let http = Http::new("http://127.0.0.1:9", None, TIMEOUT).unwrap();
        let kind = |body: Value| {
            assert!(has_error(&body));
            let body = body.to_string();
            let refused = http.refused(StatusCode::OK, &HeaderMap::new(), body.as_bytes());
            let error = HttpError::Refused(refused).into_error();
            (error.kind, error.maybe_billed)
        };
        let error = |error: Value| serde_json::json!({ "error": error });
        let coded = |code: Value| error(serde_json::json!({"message": "x", "code": code}));
        assert_eq!(kind(coded(402.into())), (Failure::Closed, false));
        assert_eq!(kind(coded("429".into())), (Failure::Busy, false));
        assert_eq!(kind(coded(502.into())), (Failure::Passing, true));
        assert_eq!(kind(coded("mystery".into())), (Failure::Passing, true));
        let typed = serde_json::json!({"type": "overloaded_error"});
        assert_eq!(kind(error(typed)), (Failure::Busy, true));
        assert_eq!(kind(error("gone".into())), (Failure::Passing, true));
        for none in [Value::Null, "".into(), serde_json::json!({})] {
            assert!(!has_error(&error(none)));
        }
    }

    #[test]
    fn only_https_but_for_this_machine() {
        let open = |base: &str| Http::new(base, None, TIMEOUT).map(|_| ());
        for good in [
            "https://api.example.com/v1",
            "http://127.0.0.1:9/v1",
            "http://localhost:11434",
            "http://[::1]:80/",
        ] {
            assert!(open(good).is_ok(), "{good}: {:?}", open(good));
        }
        for bad in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1",
            "https://user:pw@example.com",
            "example.com",
        ] {
            assert!(open(bad).is_err(), "{bad}");
        }
    }
}
