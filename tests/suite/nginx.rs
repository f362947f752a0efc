//! A real web server on loopback, with a certificate of its own, and a proxy
//! that cuts connections.

use shelfmark::platform::http::TestHost;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A running server; ends with the test.
pub(crate) struct Nginx {
    folder: tempfile::TempDir,
    child: Child,
    /// Where it listens, with https.
    pub(crate) address: SocketAddr,
    /// Where it listens without, as test doubles of clouds do.
    pub(crate) plain: SocketAddr,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nginx {
    /// Starts the server with these lines in its `server` block; `PORT` stands for its port.
    pub(crate) fn start(locations: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_certificate(folder.path());
        std::fs::create_dir(folder.path().join("www")).unwrap();
        let (address, plain) = (free_address(), free_address());
        let config = format!(
            "pid nginx.pid; error_log error.log; daemon off; master_process off; events {{}}\n\
             http {{\n\
             log_format seen '$request_method $request_uri $status range=$http_range encoding=$http_accept_encoding \
             cookie=$http_cookie authorization=$http_authorization';\n\
             access_log access.log seen; default_type application/octet-stream;\n\
             client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n\
             server {{ listen {plain}; listen {address} ssl; ssl_certificate leaf.pem; ssl_certificate_key leaf.key; root www;\n\
             {}\n}} }}\n",
            locations.replace("PORT", &address.port().to_string())
        );
        std::fs::write(folder.path().join("nginx.conf"), config).unwrap();
        let mut child = Command::new("nginx")
            .args(["-e", "error.log", "-c", "nginx.conf", "-p"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is needed: tests/run installs it");
        for _ in 0..200 {
            if TcpStream::connect(address).is_ok() {
                return Self { folder, child, address, plain };
            }
            assert!(child.try_wait().unwrap().is_none(), "{}", read(&folder.path().join("error.log")));
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("nginx does not listen: {}", read(&folder.path().join("error.log")));
    }

    /// Puts a file where it is served.
    pub(crate) fn serve(&self, path: &str, bytes: &[u8]) {
        let file = self.folder.path().join("www").join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let half = file.with_extension("half");
        std::fs::write(&half, bytes).unwrap();
        std::fs::rename(half, file).unwrap();
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}/{path}", self.address)
    }

    /// What was asked so far, a line a request. The server writes a line after its
    /// answer, so this waits until no more come.
    pub(crate) fn log(&self) -> String {
        let file = self.folder.path().join("access.log");
        loop {
            let before = read(&file);
            std::thread::sleep(Duration::from_millis(150));
            if read(&file) == before {
                return before;
            }
        }
    }

    /// The certificate to trust.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The server as the one that may be loopback.
    pub(crate) fn test_host(&self) -> TestHost {
        self.test_host_at(self.address)
    }

    /// A proxy of the server as the one that may be loopback.
    pub(crate) fn test_host_at(&self, address: SocketAddr) -> TestHost {
        TestHost { address, certificates: std::fs::read(self.certificate()).unwrap() }
    }

    /// Starts a proxy that passes `limits[n]` bytes of the server's to the n-th connection
    /// and then cuts it; later connections are passed whole.
    pub(crate) fn cutting_proxy(&self, limits: &'static [usize]) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (here, there) = (listener.local_addr().unwrap(), self.address);
        let count = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&count);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let limit = limits.get(seen.fetch_add(1, Ordering::SeqCst)).copied().unwrap_or(usize::MAX);
                std::thread::spawn(move || pass(client, there, limit));
            }
        });
        (here, count)
    }
}

fn pass(mut client: TcpStream, there: SocketAddr, limit: usize) -> Option<()> {
    let mut server = TcpStream::connect(there).ok()?;
    let (mut from_client, mut to_server) = (client.try_clone().ok()?, server.try_clone().ok()?);
    std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    let (mut buffer, mut left) = ([0; 4096], limit);
    while left > 0 {
        let most = left.min(buffer.len());
        let count = server.read(&mut buffer[..most]).ok().filter(|count| *count > 0)?;
        client.write_all(&buffer[..count]).ok()?;
        left -= count;
    }
    let _ = client.shutdown(std::net::Shutdown::Both);
    server.shutdown(std::net::Shutdown::Both).ok()
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Makes a certificate authority and a certificate for loopback.
fn make_certificate(folder: &Path) {
    let openssl = |line: &str| {
        let output = Command::new("openssl")
            .args(line.split(' '))
            .current_dir(folder)
            .output()
            .expect("openssl is needed: tests/run installs it");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority"));
    openssl(&format!("req {key} -keyout leaf.key -out leaf.csr -subj /CN=test-server"));
    std::fs::write(folder.join("leaf.ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n").unwrap();
    openssl(
        "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile leaf.ext -out leaf.pem",
    );
}
