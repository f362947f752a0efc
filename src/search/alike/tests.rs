//! Twenty packages made by hand, and what is alike among them.

use super::*;

/// Twenty packages: id, kind, category, name, words.
const CATALOG: [(&str, &str, &str, &str, &str); 20] = [
    ("com.acme.invoices", "app", "finance", "Invoices", "Write invoices and see which customers have paid"),
    ("org.ledger.billing", "app", "finance", "Billing", "Write invoices, send them, and see who paid"),
    ("net.books.accounts", "plugin", "finance", "Accounts", "Double-entry ledger with balance and journal"),
    ("net.books.ledger", "plugin", "finance", "Ledger", "A double-entry journal for small companies"),
    ("com.dark.dusk", "theme", "themes", "Dusk", "Dark theme with warm colours for late hours"),
    ("com.dark.night", "theme", "themes", "Night", "Dark theme with cold colours and high contrast"),
    ("io.maps.routes", "plugin", "maps", "Routes", "Plans routes for lorries on a map"),
    ("io.maps.fleet", "app", "maps", "Fleet", "Shows lorries and their routes on a map"),
    ("io.mail.sender", "driver", "mail", "Sender", "Sends mail through an SMTP relay"),
    ("io.mail.reader", "driver", "mail", "Reader", "Reads mail from an IMAP mailbox"),
    ("io.mail.old", "driver", "mail", "Old sender", "Sends mail through an SMTP relay, as it did long ago"),
    ("dev.http.client", "module", "web", "Client", "HTTP requests with retries and time limits"),
    ("dev.http.server", "module", "web", "Server", "HTTP answers with routing and compression"),
    ("dev.tools.lint", "module", "tools", "Lint", "Finds mistakes in templates"),
    ("dev.tools.format", "module", "tools", "Format", "Arranges templates in one style"),
    ("ai.agents.triage", "agent", "support", "Triage", "Sorts tickets by urgency and subject"),
    ("ai.agents.answers", "agent", "support", "Answers", "Drafts answers to tickets from a knowledge base"),
    ("health.clinic.visits", "app", "health", "Visits", "Video visits for patients of a clinic"),
    ("health.clinic.records", "app", "health", "Records", "Patient records of a clinic with consent"),
    ("edu.school.timetable", "app", "education", "Timetable", "Plans lessons, rooms and teachers"),
];

fn catalog() -> Vec<Subject<'static>> {
    CATALOG
        .iter()
        .map(|(id, kind, category, name, words)| Subject {
            id,
            kind,
            category: Some(category),
            texts: vec![(1.5, name), (1.0, words)],
            is_demoted: *id == "io.mail.old",
            related: Vec::new(),
        })
        .collect()
}

fn ids<'a>(found: &'a Likenesses, id: &str) -> Vec<&'a str> {
    found.get(id).iter().map(|alike| alike.id.as_str()).collect()
}

#[test]
fn what_says_the_same_is_alike_and_what_does_not_is_not() {
    let found = Likenesses::among(catalog());
    for (one, other) in [
        ("com.acme.invoices", "org.ledger.billing"),
        ("net.books.accounts", "net.books.ledger"),
        ("com.dark.dusk", "com.dark.night"),
        ("io.maps.routes", "io.maps.fleet"),
        ("health.clinic.visits", "health.clinic.records"),
    ] {
        assert_eq!(ids(&found, one).first(), Some(&other), "{found:#?}");
        assert_eq!(ids(&found, other).first(), Some(&one), "{found:#?}");
    }
    assert_eq!(ids(&found, "edu.school.timetable"), [""; 0]);
    for (id, ..) in CATALOG {
        let alike = found.get(id);
        assert!(alike.len() <= MOST && alike.iter().all(|one| one.id != id && one.percent <= 100));
        assert!(alike.iter().all(|one| (1..=MOST_REASONS).contains(&one.shared.len())), "{alike:?}");
        assert!(alike.is_sorted_by_key(|one| Reverse(one.percent)), "{alike:?}");
    }
}

#[test]
fn the_reason_is_the_rarest_words_as_the_package_spells_them() {
    let found = Likenesses::among(catalog());
    let shared = &found.get("health.clinic.visits")[0].shared;
    assert_eq!(shared, &["clinic", "patients"], "rarest first, then by letter");
    assert_eq!(found.get("health.clinic.records")[0].shared, ["clinic", "patient"]);
}

#[test]
fn the_order_of_the_input_changes_nothing() {
    let found = Likenesses::among(catalog());
    let mut subjects = catalog();
    for step in [3, 7, 11] {
        let length = subjects.len();
        subjects = (0..length).map(|at| subjects[(at * step + 5) % length].clone()).collect();
        assert_eq!(Likenesses::among(subjects.clone()), found);
    }
    subjects.reverse();
    assert_eq!(Likenesses::among(subjects), found);
}

#[test]
fn a_demoted_package_is_not_recommended_and_has_its_own_list() {
    let found = Likenesses::among(catalog());
    assert!(CATALOG.iter().all(|(id, ..)| !ids(&found, id).contains(&"io.mail.old")), "{found:#?}");
    assert_eq!(ids(&found, "io.mail.old").first(), Some(&"io.mail.sender"), "{found:#?}");
}

#[test]
fn what_a_package_requires_or_is_replaced_by_is_not_alike() {
    let mut subjects = catalog();
    subjects[0].related = vec!["org.ledger.billing"];
    let found = Likenesses::among(subjects);
    assert!(!ids(&found, "com.acme.invoices").contains(&"org.ledger.billing"));
    assert_eq!(ids(&found, "org.ledger.billing").first(), Some(&"com.acme.invoices"), "the other way it is");
}

#[test]
fn equals_come_in_the_order_of_ids_and_kind_and_category_go_before() {
    let subject = |id, kind, category| Subject {
        id,
        kind,
        category: Some(category),
        texts: vec![(1.0, "Tide tables for harbours")],
        is_demoted: false,
        related: Vec::new(),
    };
    let equals = [
        subject("x.f", "app", "sea"),
        subject("x.e", "app", "land"),
        subject("x.d", "theme", "sea"),
        subject("x.c", "app", "sea"),
        subject("x.b", "app", "sea"),
        subject("x.a", "theme", "land"),
    ];
    let found = Likenesses::among(catalog().into_iter().chain(equals).collect());
    assert_eq!(ids(&found, "x.f"), ["x.b", "x.c", "x.d", "x.e"]);
}

#[test]
fn a_word_alone_and_no_word_make_nobody_alike() {
    let subject = |id, text| Subject {
        id,
        kind: "app",
        category: None,
        texts: vec![(1.0, text)],
        is_demoted: false,
        related: Vec::new(),
    };
    let few = vec![
        subject("a.one", ""),
        subject("a.two", "the 2 of a"),
        subject("a.three", "Lighthouse keeper for boats"),
        subject("a.four", "Lighthouse audits of web pages"),
    ];
    let found = Likenesses::among(catalog().into_iter().chain(few).collect());
    for id in ["a.one", "a.two", "a.three", "a.four"] {
        assert_eq!(found.get(id), [], "{id}");
    }
    assert_eq!(Likenesses::among(Vec::new()), Likenesses::default());
}

#[test]
fn a_word_that_many_have_is_looked_up_where_it_weighs_most() {
    let ids: Vec<String> = (0..1_200).map(|number| format!("x.p{number:04}")).collect();
    let texts: Vec<String> =
        (0..1_200).map(|number| format!("player of songs w{number}a w{number}b")).collect();
    let subjects: Vec<Subject<'_>> = ids
        .iter()
        .zip(&texts)
        .map(|(id, text)| Subject {
            id,
            kind: "app",
            category: None,
            texts: vec![(1.0, if id.ends_with('7') { "player" } else { text })],
            is_demoted: false,
            related: Vec::new(),
        })
        .collect();
    let found = Likenesses::among(subjects);
    assert_eq!(found.get("x.p0001"), [], "what all say makes nobody alike");
    assert_eq!(found.get("x.p0007"), []);
}
