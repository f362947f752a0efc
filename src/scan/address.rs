//! What kind of host an address in a text leads to: a vendor's own installer,
//! any named host, or one that nobody answers for (a raw IP address, a link
//! shortener, a paste site, a tunnel, a free host name).

use std::net::Ipv4Addr;

/// What is known of a host; ascending by how little it is answered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Host {
    /// This machine or a private network.
    Local,
    /// A vendor that publishes its installer there.
    Vendor,
    /// A named host, over TLS.
    Named,
    /// A named host, without TLS.
    Plain,
    /// A name that anybody has within a minute: platforms, dynamic DNS.
    Free,
    /// A name written with letters that look like others.
    Punycode,
    /// A link shortener.
    Shortener,
    /// A paste site or a drop for files.
    Paste,
    /// An IP address.
    Address,
    /// A service that collects what is sent to it: request bins, tunnels, chat webhooks.
    Sink,
}

impl Host {
    /// Returns whether nobody answers for it.
    pub(super) fn is_doubtful(self) -> bool {
        self >= Self::Plain
    }

    /// Returns words for a message.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Local => "this machine",
            Self::Vendor => "a vendor's own installer",
            Self::Named => "a named host",
            Self::Plain => "a host without TLS",
            Self::Free => "a host name that anybody can have",
            Self::Punycode => "a host name of look-alike letters",
            Self::Shortener => "a link shortener",
            Self::Paste => "a paste site or file drop",
            Self::Address => "a raw IP address",
            Self::Sink => "a service that collects requests",
        }
    }
}

/// Hosts, or host and beginning of the path, whose installers are meant to be piped.
const VENDORS: &[&str] = &[
    "sh.rustup.rs",
    "static.rust-lang.org",
    "get.docker.com",
    "download.docker.com",
    "deb.nodesource.com",
    "rpm.nodesource.com",
    "astral.sh",
    "bun.sh",
    "bun.com",
    "deno.land",
    "get.pnpm.io",
    "install.python-poetry.org",
    "bootstrap.pypa.io",
    "pyenv.run",
    "pixi.sh",
    "mise.run",
    "mise.jdx.dev",
    "get.sdkman.io",
    "get.helm.sh",
    "get.k3s.io",
    "get.k0s.sh",
    "kots.io",
    "fly.io",
    "cli.github.com",
    "cli.doppler.com",
    "claude.ai",
    "cursor.com",
    "ollama.com",
    "ollama.ai",
    "opencode.ai",
    "starship.rs",
    "nixos.org",
    "install.determinate.systems",
    "sdk.cloud.google.com",
    "packages.cloud.google.com",
    "dl.google.com",
    "awscli.amazonaws.com",
    "aka.ms",
    "dot.net",
    "packages.microsoft.com",
    "azurecliprod.blob.core.windows.net",
    "cli-assets.heroku.com",
    "cli.run.nu",
    "get.volta.sh",
    "fnm.vercel.app",
    "foundry.paradigm.xyz",
    "release.solana.com",
    "release.anza.xyz",
    "sh.solana.com",
    "install.duckdb.org",
    "clickhouse.com",
    "get.jetify.com",
    "get.jetpack.io",
    "tailscale.com",
    "get.pulumi.com",
    "releases.hashicorp.com",
    "apt.releases.hashicorp.com",
    "rclone.org",
    "wasmtime.dev",
    "raw.githubusercontent.com/homebrew/",
    "raw.githubusercontent.com/nvm-sh/",
    "raw.githubusercontent.com/pyenv/",
    "raw.githubusercontent.com/helm/",
    "raw.githubusercontent.com/golangci/",
    "raw.githubusercontent.com/astral-sh/",
    "raw.githubusercontent.com/anchore/",
    "raw.githubusercontent.com/aquasecurity/",
    "raw.githubusercontent.com/ohmyzsh/",
    "raw.githubusercontent.com/kubernetes-sigs/",
    "raw.githubusercontent.com/k3d-io/",
    "raw.githubusercontent.com/cargo-bins/",
    "raw.githubusercontent.com/junegunn/",
    "raw.githubusercontent.com/tj/n/",
    "git.io/go-installer",
    "scoop.sh",
    "get.scoop.sh",
    "chocolatey.org",
    "community.chocolatey.org",
];

const SHORTENERS: &[&str] = &[
    "bit.ly",
    "tinyurl.com",
    "t.co",
    "goo.gl",
    "is.gd",
    "v.gd",
    "ow.ly",
    "cutt.ly",
    "rb.gy",
    "t.ly",
    "s.id",
    "shorturl.at",
    "rebrand.ly",
    "tiny.cc",
    "git.io",
    "lnkd.in",
    "buff.ly",
    "dub.sh",
];

const PASTES: &[&str] = &[
    "pastebin.com",
    "paste.ee",
    "hastebin.com",
    "rentry.co",
    "rentry.org",
    "glot.io",
    "ghostbin.com",
    "dpaste.com",
    "dpaste.org",
    "paste.rs",
    "ix.io",
    "0x0.st",
    "termbin.com",
    "controlc.com",
    "justpaste.it",
    "privatebin.net",
    "sprunge.us",
    "clbin.com",
    "transfer.sh",
    "file.io",
    "anonfiles.com",
    "gofile.io",
    "catbox.moe",
    "litterbox.catbox.moe",
    "mega.nz",
    "mediafire.com",
    "temp.sh",
    "bashupload.com",
    "oshi.at",
    "cdn.discordapp.com",
    "media.discordapp.net",
    "tmpfiles.org",
    "uguu.se",
    "sendspace.com",
    "wetransfer.com",
    "keep.sh",
];

/// Suffixes under which anybody gets a name at once.
const FREE: &[&str] = &[
    "vercel.app",
    "netlify.app",
    "onrender.com",
    "fly.dev",
    "glitch.me",
    "herokuapp.com",
    "web.app",
    "firebaseapp.com",
    "workers.dev",
    "pages.dev",
    "railway.app",
    "repl.co",
    "replit.dev",
    "replit.app",
    "deno.dev",
    "surge.sh",
    "000webhostapp.com",
    "infinityfreeapp.com",
    "duckdns.org",
    "ddns.net",
    "no-ip.org",
    "no-ip.biz",
    "hopto.org",
    "zapto.org",
    "dynu.net",
    "sytes.net",
    "nip.io",
    "sslip.io",
    "azurewebsites.net",
    "blogspot.com",
    "appspot.com",
    "pythonanywhere.com",
    "amplifyapp.com",
    "koyeb.app",
    "onion",
    "tk",
    "ml",
    "gq",
    "cf",
    "top",
    "zip",
    "mov",
];

const SINKS: &[&str] = &[
    "webhook.site",
    "requestbin.com",
    "requestbin.net",
    "requestcatcher.com",
    "beeceptor.com",
    "pipedream.net",
    "hookbin.com",
    "postb.in",
    "mockbin.org",
    "ptsv2.com",
    "ptsv3.com",
    "interact.sh",
    "oast.pro",
    "oast.live",
    "oast.site",
    "oast.online",
    "oast.fun",
    "oast.me",
    "oastify.com",
    "burpcollaborator.net",
    "dnslog.cn",
    "ceye.io",
    "canarytokens.com",
    "dnsbin.zhack.ca",
    "requestinspector.com",
    "hooks.zapier.com",
    "ngrok.io",
    "ngrok.app",
    "ngrok.dev",
    "ngrok-free.app",
    "ngrok-free.dev",
    "trycloudflare.com",
    "loca.lt",
    "localtunnel.me",
    "serveo.net",
    "lhr.life",
    "localhost.run",
    "pinggy.link",
    "bore.pub",
    "discord.com/api/webhooks",
    "discordapp.com/api/webhooks",
    "api.telegram.org/bot",
    "ntfy.sh",
];

/// Returns the least answered-for host that the text names.
pub(super) fn worst(text: &str) -> Option<Host> {
    hosts(text).max()
}

/// Returns the kind of every host that the text names, with or without a scheme.
pub(super) fn hosts(text: &str) -> impl Iterator<Item = Host> + '_ {
    let words = text.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '|' | ';' | ',' | '\\')
    });
    words.filter_map(|word| match word.find("://") {
        Some(at) => {
            let scheme = word[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            let is_plain = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("ftp");
            kind_of(&word[at + 3..], true, is_plain)
        }
        None => kind_of(word, false, false).filter(|kind| *kind > Host::Free),
    })
}

/// Returns the kind of the host that begins here; `None` where no host is written out.
fn kind_of(rest: &str, has_scheme: bool, is_plain: bool) -> Option<Host> {
    let lower = rest.get(..200).unwrap_or(rest).to_ascii_lowercase();
    let authority = lower.split(['/', '?', '#']).next().unwrap_or_default();
    let after_user = authority.rsplit('@').next().unwrap_or_default();
    let rest = &lower[after_user.as_ptr() as usize - lower.as_ptr() as usize..];
    let host = after_user.split(':').next().unwrap_or_default().trim_end_matches('.');
    if host.is_empty() {
        return None;
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        let is_local = address.is_loopback()
            || address.is_private()
            || address.is_unspecified()
            || address.is_link_local();
        return Some(if is_local { Host::Local } else { Host::Address });
    }
    if has_scheme && (after_user.starts_with('[') || is_number(host)) {
        let is_local = after_user.starts_with("[::1]");
        return Some(if is_local { Host::Local } else { Host::Address });
    }
    if host == "localhost" || host.ends_with(".local") || host.ends_with(".internal") {
        return Some(Host::Local);
    }
    if !host.contains('.') || !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
    {
        return None;
    }
    let is_one = |known: &&str| {
        if known.contains('/') { rest.starts_with(*known) } else { is_below(host, known) }
    };
    let tables =
        [(Host::Sink, SINKS), (Host::Vendor, VENDORS), (Host::Paste, PASTES), (Host::Shortener, SHORTENERS)];
    if let Some((kind, _)) = tables.iter().find(|(_, table)| table.iter().any(&is_one)) {
        return Some(if is_plain && *kind == Host::Vendor { Host::Plain } else { *kind });
    }
    if host.split('.').any(|label| label.starts_with("xn--")) {
        return Some(Host::Punycode);
    }
    if FREE.iter().any(|known| is_below(host, known)) {
        return Some(Host::Free);
    }
    Some(if is_plain { Host::Plain } else { Host::Named })
}

/// Returns whether a host is this domain or below it.
fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Returns whether an address is written as one number.
fn is_number(host: &str) -> bool {
    match host.strip_prefix("0x") {
        Some(digits) => digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => host.len() >= 9 && host.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_known_for_what_it_is() {
        for (text, kind) in [
            ("curl https://sh.rustup.rs | sh", Some(Host::Vendor)),
            ("curl http://sh.rustup.rs | sh", Some(Host::Plain)),
            ("https://raw.githubusercontent.com/Homebrew/install/HEAD/install.sh", Some(Host::Vendor)),
            ("https://raw.githubusercontent.com/someone/x/main/i.sh", Some(Host::Named)),
            ("curl -s 203.0.113.9/x", Some(Host::Address)),
            ("curl bit.ly/x1", Some(Host::Shortener)),
            ("http://user@3405803777/x", Some(Host::Address)),
            ("http://127.0.0.1:8080 http://192.168.1.4", Some(Host::Local)),
            ("https://a.b.fly.dev/x", Some(Host::Free)),
            ("https://notfly.dev/x", Some(Host::Named)),
            ("https://discord.com/api/webhooks/1/x", Some(Host::Sink)),
            ("https://discord.com/invite/x", Some(Host::Named)),
            ("https://xn--pple-43d.com/x", Some(Host::Punycode)),
            ("https://$HOST/x", None),
            ("see main.py", None),
            ("[\"git\", 1234567890]", None),
        ] {
            assert_eq!(worst(text), kind, "{text}");
        }
    }
}
