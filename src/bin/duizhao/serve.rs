//! `duizhao serve`: the web edition on loopback, built again when something changes.

use std::io::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use duizhao::workspace::Workspace;
use notify::{Event, RecursiveMode, Watcher};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::build;
use crate::exit::Status;
use crate::options::InWorkspace;
use crate::output;

/// Options of `serve`.
#[derive(clap::Args)]
pub struct Args {
    /// The port on 127.0.0.1; 0 takes one that is free
    #[arg(long, value_name = "N", default_value_t = 8210)]
    port: u16,
}

/// How long nothing must change before the build begins: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// Builds, serves, and builds again, until it is stopped.
pub fn run(args: &Args, place: &InWorkspace) -> anyhow::Result<Status> {
    let workspace = place.open()?;
    let root = workspace.root().to_owned();
    // Watched before the first build, so that no change falls between the two.
    let (sender, changes) = channel();
    let inputs = Inputs::of(&workspace);
    let mine = inputs.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| mine.concerns(&event)) {
            // The receiver lives as long as the program.
            let _ = sender.send(());
        }
    })
    .context("watching the workspace is not possible")?;
    for (path, mode) in inputs.watches() {
        watcher
            .watch(&path, mode)
            .with_context(|| format!("watching {} is not possible", path.display()))?;
    }
    build::make(&workspace)?;
    let folder = workspace.build_dir().join("web");
    std::thread::spawn(move || rebuild(&root, &changes));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the server failed")?;
    runtime.block_on(serve(args.port, &folder))?;
    drop(watcher);
    Ok(Status::Done)
}

/// Builds after each change. A workspace that can't be built is reported; the last pages stay.
fn rebuild(root: &Path, changes: &Receiver<()>) {
    while changes.recv().is_ok() {
        while changes.recv_timeout(QUIET).is_ok() {}
        let made = Workspace::open(root)
            .map_err(anyhow::Error::from)
            .and_then(|workspace| build::make(&workspace));
        match made {
            Ok(report) if report.up_to_date => {}
            Ok(report) => {
                let files = output::count(report.written.len(), "file");
                output::say(&format!("built: {files} changed"));
            }
            Err(error) => output::error(&error),
        }
    }
}

/// What a change of makes a build necessary.
#[derive(Clone)]
struct Inputs {
    root: PathBuf,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Inputs {
    fn of(workspace: &Workspace) -> Self {
        let folders = ["sources", "glossary", "translations"];
        let covers = workspace.config().books.iter().flat_map(|book| {
            let cover = &book.cover;
            cover.image.iter().chain(&cover.fonts)
        });
        let config = duizhao::workspace::CONFIG_FILE.to_owned();
        Self {
            root: workspace.root().to_owned(),
            folders: folders.map(|name| workspace.path(name)).to_vec(),
            files: covers
                .chain([&config])
                .map(|name| workspace.path(name))
                .collect(),
        }
    }

    /// The root without what is below it (`target/` may be huge), and the folders with it.
    fn watches(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let mut watches = vec![(self.root.clone(), RecursiveMode::NonRecursive)];
        for folder in self.folders.iter().filter(|folder| folder.is_dir()) {
            watches.push((folder.clone(), RecursiveMode::Recursive));
        }
        for folder in self.files.iter().filter_map(|file| file.parent()) {
            let known = |(watched, _): &(PathBuf, _)| watched == folder;
            if folder.is_dir() && !watches.iter().any(known) {
                watches.push((folder.to_owned(), RecursiveMode::NonRecursive));
            }
        }
        watches
    }

    fn concerns(&self, event: &Event) -> bool {
        let reads = event.kind.is_access();
        !reads
            && event.paths.iter().any(|path| {
                self.folders.iter().any(|folder| path.starts_with(folder))
                    || self.files.contains(path)
            })
    }
}

async fn serve(port: u16, folder: &Path) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("port {port} can't be used; name another with --port"))?;
    let address = listener.local_addr().context("the server has no address")?;
    writeln!(output::stdout(), "http://{address}/")?;
    let header =
        |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    // `ServeDir` refuses every path that leads out of its folder.
    let router = Router::new()
        .fallback_service(ServeDir::new(folder))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(from_fn(only_loopback_names));
    axum::serve(listener, router)
        .with_graceful_shutdown(async {
            // Where the signal can't be heard the program is ended by it all the same.
            let _ = tokio::signal::ctrl_c().await;
        })
        .await
        .context("the server stopped")
}

/// Refuses requests for other hosts: a page from elsewhere whose name was pointed at this machine
/// must not read what is served here.
async fn only_loopback_names(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if matches!(name, "127.0.0.1" | "localhost") {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only 127.0.0.1 and localhost\n").into_response()
    }
}
