//! `shelfmark serve`: a local look at a built site.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};
use crate::cli::server::{Site, serve};
use crate::platform::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// Look at a built site in a browser
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark serve
  shelfmark serve /srv/www --port 9000

Only this machine can reach it, unless --host says otherwise. It is a preview: serve the folder from any static host.")]
pub(crate) struct Args {
    /// Folder of the built site
    #[arg(default_value = "site/dist")]
    dir: PathBuf,
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    host: IpAddr,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if !fs::is_file(&args.dir.join("index.html")) {
        let message = format!("`{}` holds no built site: there is no index.html in it", args.dir.display());
        return Err(Failure::new(Exit::CouldNotRun, message).help("`shelfmark build` writes one"));
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let address = SocketAddr::new(args.host, args.port);
        let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
            let failure = Failure::new(Exit::CouldNotRun, format!("cannot listen on {address}"));
            let is_taken = error.kind() == std::io::ErrorKind::AddrInUse;
            let failure = Failure { causes: vec![error.to_string()], ..failure };
            if is_taken { failure.help("`--port 0` takes a free port") } else { failure }
        })?;
        let local = listener.local_addr()?;
        context.remark(&format!("serving {} on http://{local}/ (Ctrl-C stops)", args.dir.display()));
        serve(Arc::new(Site::new(&args.dir, &base_path(args))), listener).await?;
        Ok(Exit::Ok)
    })
}

/// Returns the path of the base address that the site was built for, from its canonical link.
fn base_path(args: &Args) -> String {
    let page = fs::read_to_string(&args.dir.join("index.html")).unwrap_or_default();
    page.split("rel=\"canonical\" href=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .map(|url| url.replace("&#x2f;", "/"))
        .and_then(|url| url.parse::<axum::http::Uri>().ok())
        .map_or_else(|| "/".to_owned(), |uri| uri.path().to_owned())
}
