//! How many look-alike names are found, and how many honest ones are asked about.
//!
//!     cargo bench --bench names -- DIR [squats] [pairs] [dictionary] [generated] [load]
//!
//! `DIR` holds `npm_top5000.txt`, `typosquats-open.csv` and `npm_benign_pairs_dist1.tsv`; a word after
//! it lists the cases of that figure. The dictionary is `/usr/share/dict/words` (Debian's wamerican).
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, clippy::unwrap_used, clippy::panic)]
#![allow(missing_docs, reason = "a program")]

use shelfmark::validate::look_alike::{LookAlike, Names};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// The folder of the names.
fn data() -> String {
    let given = std::env::args().skip(1).find(|word| std::path::Path::new(word).is_dir());
    given.unwrap_or_else(|| panic!("give the folder with the names: cargo bench --bench names -- DIR"))
}

fn lines(path: &str) -> Vec<String> {
    std::fs::read_to_string(path).expect(path).lines().map(String::from).collect()
}

fn percent(part: usize, whole: usize) -> String {
    format!("{part}/{whole} = {:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

struct Random(u64);
impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

fn scope(name: &str) -> Option<&str> {
    name.starts_with('@').then(|| name.split('/').next()).flatten()
}

fn kind(hit: &LookAlike) -> String {
    let text = format!("{:?}", hit.how);
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}

fn tally(kinds: &BTreeMap<String, usize>) -> String {
    kinds.iter().map(|(k, n)| format!("{k} {n}")).collect::<Vec<_>>().join(", ")
}

fn squats(popular: &[String], verbose: bool) {
    let rows: Vec<Vec<String>> = lines(&format!("{}/typosquats-open.csv", data()))
        .iter()
        .skip(1)
        .map(|l| l.split(',').map(String::from).collect())
        .collect();
    let mut known = popular.to_vec();
    let have: BTreeSet<_> = popular.iter().cloned().collect();
    let targets: BTreeSet<_> = rows.iter().map(|r| r[1].clone()).collect();
    known.extend(targets.into_iter().filter(|t| !have.contains(t)));
    let names = Names::new(&known);
    let mut flagged = 0;
    for row in &rows {
        let hits = names.look_alikes(&row[0]);
        match hits.iter().find(|h| known[h.index] == row[1]) {
            Some(hit) => {
                flagged += 1;
                if verbose {
                    println!("    {} -> {}: {} ({} hits)", row[0], row[1], hit.how.describe(), hits.len());
                }
            }
            None => println!("    missed: {} -> {}", row[0], row[1]),
        }
    }
    println!("typosquats-open flagged: {}", percent(flagged, rows.len()));
}

fn without(popular: &[String], name: &str) -> Vec<String> {
    popular.iter().filter(|n| *n != name).cloned().collect()
}

fn pairs(popular: &[String], verbose: bool) {
    let rank: BTreeMap<_, _> = popular.iter().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
    let rows = lines(&format!("{}/npm_benign_pairs_dist1.tsv", data()));
    let (mut same, mut either, mut newer, mut kinds) = (0, 0, 0, BTreeMap::new());
    for row in &rows {
        let (a, b) = row.split_once('\t').expect("a tab");
        if scope(a).is_some() && scope(a) == scope(b) {
            same += 1;
            continue;
        }
        let hit = |name: &str, target: &str| {
            let known = without(popular, name);
            Names::new(&known).look_alikes(name).into_iter().find(|h| known[h.index] == target)
        };
        let (less, more) = if rank.get(a) > rank.get(b) { (a, b) } else { (b, a) };
        let (one, other) = (hit(less, more), hit(more, less));
        either += usize::from(one.is_some() || other.is_some());
        if let Some(hit) = one {
            newer += 1;
            if verbose {
                println!("    {less} -> {more}: {:?}", hit.how);
            }
            *kinds.entry(kind(&hit)).or_insert(0) += 1;
        }
    }
    println!("benign pairs: {} in all, {same} of the same scope", rows.len());
    println!(
        "  the less used as newcomer, flagged: {} of the rest; {} of all",
        percent(newer, rows.len() - same),
        percent(newer, rows.len())
    );
    println!(
        "  either one as newcomer, flagged: {} of the rest; {} of all",
        percent(either, rows.len() - same),
        percent(either, rows.len())
    );
    println!("  by kind: {}", tally(&kinds));
}

fn dictionary(popular: &[String], verbose: bool) {
    let names = Names::new(popular);
    let all = lines("/usr/share/dict/words");
    let plain: Vec<_> = all.iter().filter(|w| w.bytes().all(|b| b.is_ascii_lowercase())).cloned().collect();
    for (label, words) in [("any entry", &all), ("lower-case letters only", &plain)] {
        let mut rates = Vec::new();
        let (mut total, mut same, mut kinds) = (0, 0, BTreeMap::new());
        for seed in 1..=20u64 {
            let mut random = Random(seed * 0x9E37_79B9_7F4A_7C15);
            let mut chosen = BTreeSet::new();
            while chosen.len() < 1000 {
                chosen.insert(&words[random.below(words.len())]);
            }
            let mut flagged = 0;
            for word in chosen {
                let hits = names.look_alikes(word);
                if hits.iter().any(|h| kind(h) == "Identical") {
                    same += 1;
                } else if let Some(hit) = hits.first() {
                    flagged += 1;
                    *kinds.entry(kind(hit)).or_insert(0) += 1;
                    if verbose {
                        println!(
                            "    D {label} {} {} {} {word} {}",
                            kind(hit),
                            hit.distance,
                            popular[hit.index].len(),
                            popular[hit.index]
                        );
                    }
                    if verbose && seed == 1 {
                        println!("    {word} -> {}: {:?}", popular[hit.index], hit.how);
                    }
                }
            }
            total += flagged;
            rates.push(flagged);
        }
        rates.sort_unstable();
        println!(
            "dictionary ({label}): {}; 20 samples of 1,000: {rates:?}; besides {same}/20000 are themselves known names",
            percent(total, 20_000)
        );
        println!("  by kind: {}", tally(&kinds));
    }
}

fn swaps(name: &str) -> Vec<String> {
    let c: Vec<char> = name.chars().collect();
    (1..c.len())
        .filter(|i| c[*i] != c[*i - 1])
        .map(|i| {
            let mut d = c.clone();
            d.swap(i, i - 1);
            d.into_iter().collect()
        })
        .collect()
}

fn letter_at(name: &str, change: impl Fn(char) -> Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    for (i, c) in name.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
        for new in change(c) {
            out.push(format!("{}{new}{}", &name[..i], &name[i + c.len_utf8()..]));
        }
    }
    out
}

fn neighbours(c: char) -> Vec<String> {
    let near = match c {
        'q' => "wa12",
        'w' => "qeasd23",
        'e' => "wrsdf34",
        'r' => "etdfg45",
        't' => "ryfgh56",
        'y' => "tughj67",
        'u' => "yihjk78",
        'i' => "uojkl89",
        'o' => "ipkl90",
        'p' => "ol0",
        'a' => "qwsz",
        's' => "awedxz",
        'd' => "serfcx",
        'f' => "drtgvc",
        'g' => "ftyhbv",
        'h' => "gyujnb",
        'j' => "huikmn",
        'k' => "jiolm",
        'l' => "kop",
        'z' => "asx",
        'x' => "zsdc",
        'c' => "xdfv",
        'v' => "cfgb",
        'b' => "vghn",
        'n' => "bhjm",
        'm' => "njk",
        _ => "",
    };
    near.chars().map(String::from).collect()
}

fn bitflips(c: char) -> Vec<String> {
    (0..7)
        .map(|bit| ((c as u8) ^ (1 << bit)) as char)
        .filter(|f| f.is_ascii_lowercase() || f.is_ascii_digit() || *f == '-')
        .map(String::from)
        .collect()
}

fn hyphens(name: &str) -> Vec<String> {
    let mut out: Vec<String> =
        name.match_indices('-').map(|(i, _)| format!("{}{}", &name[..i], &name[i + 1..])).collect();
    let ok = |i: &usize| {
        name.as_bytes()[*i].is_ascii_alphanumeric() && name.as_bytes()[*i - 1].is_ascii_alphanumeric()
    };
    out.extend((1..name.len()).filter(ok).map(|i| format!("{}-{}", &name[..i], &name[i..])));
    out
}

fn generated(popular: &[String], verbose: bool) {
    let names = Names::new(popular);
    let have: BTreeSet<_> = popular.iter().cloned().collect();
    type Family = (&'static str, fn(&str) -> Vec<String>);
    let families: [Family; 7] = [
        ("swap", swaps),
        ("omit", |n| letter_at(n, |_| vec![String::new()])),
        ("repeat", |n| letter_at(n, |c| vec![format!("{c}{c}")])),
        ("keyboard", |n| letter_at(n, neighbours)),
        ("hyphen", hyphens),
        ("version", |n| ["2", "3", "-2", "-v2", "v2", "-2.0"].iter().map(|v| format!("{n}{v}")).collect()),
        ("bitflip", |n| letter_at(n, bitflips)),
    ];
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut flagged_all, mut all, mut one_all, mut one_count) = (0, 0, 0, 0);
    for (label, family) in families {
        let (mut flagged, mut count, mut one, mut ones, mut missed) = (0, 0, 0, 0, Vec::new());
        for (target, name) in popular.iter().take(100).enumerate() {
            let squats: BTreeSet<_> = family(name).into_iter().filter(|s| !have.contains(s)).collect();
            let outcomes: Vec<_> =
                squats.iter().map(|s| (s, names.look_alikes(s).iter().any(|h| h.index == target))).collect();
            count += outcomes.len();
            flagged += outcomes.iter().filter(|o| o.1).count();
            missed.extend(outcomes.iter().filter(|o| !o.1).map(|o| o.0.to_string()));
            if !outcomes.is_empty() {
                ones += 1;
                one += usize::from(outcomes[random.below(outcomes.len())].1);
            }
        }
        println!(
            "  {label}: every one {}; one at random per name {}",
            percent(flagged, count),
            percent(one, ones)
        );
        if verbose {
            println!("    missed: {}", missed.join(" "));
        }
        (flagged_all, all, one_all, one_count) =
            (flagged_all + flagged, all + count, one_all + one, one_count + ones);
    }
    println!(
        "generated squats flagged: every one {}; one at random per name and family {}",
        percent(flagged_all, all),
        percent(one_all, one_count)
    );
}

/// How many of the popular names would have been flagged, had each come when only the more used ones were known.
fn load(popular: &[String], verbose: bool) {
    let (mut flagged, mut kinds) = (0, BTreeMap::new());
    for i in (0..popular.len()).step_by(5) {
        let hits = Names::new(&popular[..i]).look_alikes(&popular[i]);
        let hit = hits
            .iter()
            .find(|h| scope(&popular[h.index]).is_none() || scope(&popular[h.index]) != scope(&popular[i]));
        if let Some(hit) = hit {
            flagged += 1;
            *kinds.entry(kind(hit)).or_insert(0) += 1;
            if verbose {
                println!("    {} -> {}: {:?}", popular[i], popular[hit.index], hit.how);
            }
        }
    }
    println!(
        "review load, every fifth popular name against the more used ones: {}",
        percent(flagged, popular.len().div_ceil(5))
    );
    println!("  by kind: {}", tally(&kinds));
}

fn speed(popular: &[String]) {
    let known: Vec<String> = (0..20)
        .flat_map(|i| {
            popular
                .iter()
                .map(move |n| if i == 0 { n.clone() } else { format!("{n}-{}", (b'a' + i) as char) })
        })
        .collect();
    let start = Instant::now();
    let names = Names::new(&known);
    println!("{} names built in {:?}", known.len(), start.elapsed());
    let start = Instant::now();
    let queries = [
        "reqests",
        "supports-colour",
        "react-native-webview",
        "com.hotcrm.finance",
        "eslint-plugin-reacts",
        "x",
    ];
    for query in queries {
        let one = Instant::now();
        let hits = names.look_alikes(query).len();
        println!("  {query}: {:?} ({hits} hits)", one.elapsed());
    }
    println!("  mean {:?}", start.elapsed() / queries.len() as u32);
    let near: Vec<String> = (0..100_000)
        .map(|i| {
            format!("book{}keeping{}", (b'a' + (i % 26) as u8) as char, (b'a' + (i / 26 % 26) as u8) as char)
        })
        .collect();
    let names = Names::new(&near);
    let one = Instant::now();
    let hits = names.look_alikes("bookkeeping").len();
    println!("  every known name near: {:?} ({hits} hits)", one.elapsed());
    let long = "ab-".repeat(22_000);
    let one = Instant::now();
    names.look_alikes(&long);
    println!("  64 KiB: {:?}", one.elapsed());
}

/// Squats of the years 2016 to 2023 that are not in the data, written down from memory before they were tried.
const REMEMBERED: &str = "crossenv cross-env, cross-env.js cross-env, d3.js d3, fabric-js fabric, ffmepg ffmpeg, gruntcli grunt-cli, \
http-proxy.js http-proxy, jquery.js jquery, mongose mongoose, mssql.js mssql, mssql-node mssql, mysqljs mysql, node-fabric fabric, \
node-opencv opencv, node-opensl openssl, nodecaffe caffe, nodeffmpeg ffmpeg, nodemailer-js nodemailer, nodemssql mssql, \
noderequest request, nodesass node-sass, nodesqlite sqlite, opencv.js opencv, proxy.js proxy, shadowsock shadowsocks, sqliter sqlite, \
electorn electron, lodashs lodash, loadash lodash, expres express, acqusition acquisition, setup-tools setuptools, urlib3 urllib3, \
diango django, djago django, dajngo django, djanga django, colourama colorama, jeIlyfish jellyfish, python3-dateutil python-dateutil, \
pytz3-dev pytz, mumpy numpy, mplatlib matplotlib, maratlib matplotlib, requesrs requests, rrequests requests, beautifulsup4 beautifulsoup4, \
selemium selenium, tensoflow tensorflow, piillow pillow, rustdecimal rust_decimal, rest-clinet rest-client, atlas-client atlas_client, \
crypt crypto, django-server django-server-guardian-api, telnet telnetsrvlib, babelcli babel-cli, typed-emitters typed-emitter, \
discordd discord, discord.app discord.js, coloramaa colorama, pyyalm pyyaml, pandsa pandas, sckit-learn scikit-learn, scikitlearn scikit-learn, \
python-requests requests, pytorch-lib pytorch, twillio-npm twilio, noblox.js-proxy noblox.js, ua-parserjs ua-parser-js";

fn remembered(popular: &[String]) {
    let pairs: Vec<_> = REMEMBERED.split(", ").filter_map(|pair| pair.trim().split_once(' ')).collect();
    let mut known = popular.to_vec();
    known.extend(pairs.iter().map(|pair| pair.1.to_string()));
    let names = Names::new(&known);
    let is_found =
        |pair: &&(&str, &str)| names.look_alikes(pair.0).iter().any(|hit| known[hit.index] == pair.1);
    let missed: Vec<_> = pairs.iter().filter(|pair| !is_found(pair)).collect();
    println!(
        "remembered squats flagged: {}; missed: {missed:?}",
        percent(pairs.len() - missed.len(), pairs.len())
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let verbose = |what: &str| arguments.iter().any(|a| a == what);
    let popular = lines(&format!("{}/npm_top5000.txt", data()));
    squats(&popular, verbose("squats"));
    remembered(&popular);
    pairs(&popular, verbose("pairs"));
    dictionary(&popular, verbose("dictionary"));
    generated(&popular, verbose("generated"));
    load(&popular, verbose("load"));
    speed(&popular);
}
