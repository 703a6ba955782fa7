//! `duizhao serve`: the web edition on loopback, built again when something changes.

use std::io::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use duizhao::workspace::Workspace;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
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
    let mut watch = Watch::new(&workspace, sender)?;
    build::make(&workspace)?;
    let folder = workspace.build_dir().join("web");
    std::thread::spawn(move || rebuild(&root, &changes, &mut watch));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the server failed")?;
    runtime.block_on(serve(args.port, &folder))?;
    Ok(Status::Done)
}

/// Builds after each change. A workspace that can't be built is reported; the last pages stay.
fn rebuild(root: &Path, changes: &Receiver<()>, watch: &mut Watch) {
    while changes.recv().is_ok() {
        while changes.recv_timeout(QUIET).is_ok() {}
        if let Err(error) = rebuild_once(root, watch) {
            output::error(&error);
        }
    }
}

fn rebuild_once(root: &Path, watch: &mut Watch) -> anyhow::Result<()> {
    let mut workspace = Workspace::open(root)?;
    // A folder may be new, or a file named now that was not before.
    while watch.follow(&workspace)? {
        workspace = Workspace::open(root)?;
    }
    let report = build::make(&workspace)?;
    if !report.up_to_date {
        let files = output::count(report.written.len(), "file");
        output::say(&format!("built: {files} changed"));
    }
    Ok(())
}

/// Hears of changes of all that a build is made from.
struct Watch {
    inputs: Arc<Mutex<Inputs>>,
    watcher: RecommendedWatcher,
}

impl Watch {
    fn new(workspace: &Workspace, changes: Sender<()>) -> anyhow::Result<Self> {
        let inputs = Arc::new(Mutex::new(Inputs::default()));
        let mine = Arc::clone(&inputs);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let inputs = mine.lock().unwrap_or_else(PoisonError::into_inner);
            if event.is_ok_and(|event| inputs.concerns(&event)) {
                // The receiver lives as long as the program.
                let _ = changes.send(());
            }
        })
        .context("watching the workspace is not possible")?;
        let mut watch = Self { inputs, watcher };
        watch.follow(workspace)?;
        Ok(watch)
    }

    /// Watches what the workspace is made from now; says whether that is more than before.
    fn follow(&mut self, workspace: &Workspace) -> anyhow::Result<bool> {
        let inputs = Inputs::of(workspace);
        let watches = inputs.watches();
        // A folder that was removed and made anew has to be watched anew.
        for (path, mode) in &watches {
            self.watcher
                .watch(path, *mode)
                .with_context(|| format!("watching {} is not possible", path.display()))?;
        }
        let mut known = self.inputs.lock().unwrap_or_else(PoisonError::into_inner);
        let grown = watches.iter().any(|watch| !known.watched.contains(watch));
        *known = Inputs {
            watched: watches,
            ..inputs
        };
        Ok(grown)
    }
}

/// What a change of makes a build necessary.
#[derive(Default)]
struct Inputs {
    root: PathBuf,
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    /// The folders that are watched.
    watched: Vec<(PathBuf, RecursiveMode)>,
}

impl Inputs {
    fn of(workspace: &Workspace) -> Self {
        let folders = ["sources", "glossary", "translations"];
        let covers = workspace.config().books.iter().flat_map(|book| {
            let cover = &book.cover;
            cover.image.iter().chain(&cover.fonts)
        });
        let rules = workspace.config().segment.srx.iter();
        let config = duizhao::workspace::CONFIG_FILE.to_owned();
        Self {
            root: workspace.root().to_owned(),
            folders: folders.map(|name| workspace.path(name)).to_vec(),
            files: covers
                .chain(rules)
                .chain([&config])
                .map(|name| workspace.path(name))
                .collect(),
            watched: Vec::new(),
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
