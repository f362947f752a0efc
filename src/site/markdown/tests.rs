//! What hostile and honest Markdown becomes.

use super::*;

fn image(path: &str) -> Option<String> {
    (path == "assets/shot.png").then(|| "files/0123456789abcdef.png".to_owned())
}

fn html(text: &str) -> String {
    render(text, Profile::Readme(&image)).unwrap().html
}

#[test]
fn nothing_that_runs_comes_through() {
    let vectors = [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
        "<a href=\" &#14; javascript:alert(1)\">x</a>",
        "<a href=data:text/html,alert(1)>x</a>",
        "<a href=\"vbscript:x\" onclick=alert(1)>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](  javascript:alert\\(1\\))",
        "[x](java&#115;cript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "![x\" onerror=\"alert(1)](y.png)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<style>@import 'x'</style>",
        "<p style=\"background:url(x)\" class=top>x</p>",
        "<form action=https://e.example><input name=q><button>go</button></form>",
        "<meta http-equiv=refresh content=0>",
        "<base href=https://e.example>",
        "<object data=x></object><embed src=x>",
        "<template><script>alert(1)</script></template>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<x onfocus=alert(1) autofocus tabindex=1>",
        "```html\"><script>alert(1)</script>\ncode\n```",
        "<a href=\"https://e.example\"\" onmouseover=alert(1)>x</a>",
        "<div\n\nonclick=alert(1)>",
        "<textarea></textarea><img src=x onerror=alert(1)>",
    ];
    for vector in vectors {
        let out = html(vector).to_lowercase();
        let tags: Vec<&str> =
            out.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()).collect();
        for tag in tags {
            for bad in [
                "script",
                "onerror",
                "onload",
                "onclick",
                "onfocus",
                "onmouse",
                "javascript:",
                "data:",
                "vbscript",
                "style",
                "iframe",
                "object",
                "embed",
                "form",
                "input",
                "button",
                "meta",
                "base ",
                "svg",
                "math",
                "class=\"top",
            ] {
                assert!(!tag.contains(bad), "{vector}\n{out}");
            }
        }
    }
}

#[test]
fn links_lead_only_where_they_may() {
    let rel = "rel=\"nofollow noopener ugc\"";
    assert_eq!(
        html("[a](https://e.example/?x=1&y=2)"),
        format!("<p><a href=\"https://e.example/?x=1&amp;y=2\" {rel}>a</a></p>\n")
    );
    assert_eq!(
        html("[a](mailto:a@e.example)"),
        format!("<p><a href=\"mailto:a@e.example\" {rel}>a</a></p>\n")
    );
    assert_eq!(
        html("[a](#Getting-Started)"),
        format!("<p><a href=\"#readme-getting-started\" {rel}>a</a></p>\n")
    );
    assert_eq!(html("[a](docs/b.md) [c](//e.example) [d](/x)"), "<p>a c d</p>\n");
    assert_eq!(
        html("[a](assets/shot.png)"),
        format!("<p><a href=\"files/0123456789abcdef.png\" {rel}>a</a></p>\n")
    );
}

#[test]
fn images_are_the_packages_own_or_links() {
    let own = "<img src=\"files/0123456789abcdef.png\" alt=\"Shot\" loading=\"lazy\">";
    assert_eq!(html("![Shot](./assets/shot.png)"), format!("<p>{own}</p>\n"));
    assert!(html("<img src=\"assets/shot.png\" alt=Shot width=200>").contains("width=\"200\""));
    assert!(html("![Shot](assets/../assets/shot.png)").contains("<p>Shot</p>"));
    let remote = html("![Build](https://e.example/b.svg)");
    assert!(!remote.contains("<img") && remote.contains(">Build</a>"), "{remote}");
    let badge = html("[![Build](https://e.example/b.svg)](https://ci.example/)");
    assert_eq!(badge, "<p><a href=\"https://ci.example/\" rel=\"nofollow noopener ugc\">Build</a></p>\n");
    assert!(!html("<a href=https://ci.example/><img src=https://e.example/b.svg></a>").contains("<img"));
}

#[test]
fn headings_sink_and_their_ids_are_apart_from_the_pages() {
    let out = html("# Main\n\n## Main\n\n<h1 id=\"main\">x</h1>\n\n###### Deep & <b>bold</b>");
    assert!(out.starts_with("<h2 id=\"readme-main\">Main</h2>\n<h3 id=\"readme-main-1\">Main</h3>"), "{out}");
    assert!(
        out.contains("<h2 id=\"readme-main\">x</h2>")
            && out.contains("<h6 id=\"readme-deep--bold\">Deep &amp; <b>bold</b></h6>"),
        "{out}"
    );
    let page =
        render("# Getting started\n\nText.\n\n## Install it\n\n[next](check.md#fix)", Profile::Docs).unwrap();
    assert_eq!(page.title.as_deref(), Some("Getting started"));
    assert_eq!(page.contents, [TocEntry { id: "install-it".into(), text: "Install it".into(), level: 2 }]);
    assert!(page.html.starts_with("<p>Text.</p>\n<h2 id=\"install-it\">"), "{}", page.html);
    assert!(page.html.contains("href=\"../check/#fix\""));
}

#[test]
fn raw_html_is_well_nested() {
    assert_eq!(
        html("<details>\n<summary>More</summary>\n\n**x**\n\n</details>\n\nafter"),
        "<details>\n<summary>More</summary>\n<p><strong>x</strong></p>\n</details>\n<p>after</p>\n"
    );
    assert_eq!(html("a <b>b *c</b> d*"), "<p>a <b>b <em>c d</em></b></p>\n");
    assert!(html("- <div>\n- x").contains("</div></li>"));
    assert_eq!(html("x</p></div></section>y"), "<p>xy</p>\n");
    assert_eq!(html("2 &lt; 3 &amp; 4 <5"), "<p>2 &lt; 3 &amp; 4 &lt;5</p>\n");
}

#[test]
fn tables_tasks_footnotes_and_code_are_rendered() {
    assert!(html("|a|b|\n|-|-|\n|1|2|").contains("<td>1</td>"));
    assert!(html("- [x] done\n- [ ] open").contains("☑ done"));
    let notes = html("x[^a]\n\n[^a]: note");
    assert!(notes.contains("href=\"#readme-fn-1\"") && notes.contains("id=\"readme-fn-1\""), "{notes}");
    assert!(
        html("```rust\nfn a() {}\n```")
            .contains("<code class=\"language-rust\"><span class=\"hl-k\">fn</span>")
    );
    assert!(html("```evil\" onx\n<b>\n```").contains("<pre><code>&lt;b&gt;\n</code></pre>"));
    assert!(html("~~gone~~").contains("<del>"));
}

#[test]
fn hidden_characters_become_visible() {
    assert!(!html("a\u{202e}b &#x202e; `\u{2066}`").contains(['\u{202e}', '\u{2066}']));
    assert!(!plain("\u{202e}</pre><script>").contains("<script"));
}

#[test]
fn bombs_are_refused_or_rendered_soon() {
    let table = format!("{}|\n{}|\n{}", "|a".repeat(20_000), "|-".repeat(20_000), "|\n".repeat(100_000));
    let nested: String = (0..700).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    let bombs = [
        ">".repeat(10_000),
        "[".repeat(50_000),
        "![".repeat(50_000),
        "[a](".repeat(50_000),
        "*".repeat(100_000),
        "*a ".repeat(100_000),
        "**a _b ".repeat(60_000),
        "- ".repeat(10_000),
        "1. ".repeat(10_000),
        nested,
        "`".repeat(100_000),
        "<div>".repeat(100_000),
        "<b>".repeat(100_000),
        "<b><i><p>".repeat(50_000),
        format!("{}{}", "<font id=a><b>".repeat(500), "\n\nx".repeat(50_000)),
        "<a href=\"".repeat(50_000),
        "<!--".repeat(100_000),
        "<script>".repeat(60_000),
        "<![CDATA[".repeat(50_000),
        "&".repeat(500_000),
        "a\n\n# a\n\n".repeat(50_000),
        "[^a]".repeat(100_000),
        "[a]: b\n".repeat(70_000),
        "~".repeat(500_000),
        "| ".repeat(200_000),
        table,
        "\\".repeat(500_000),
        "<".repeat(500_000),
        "x".repeat(MAX_INPUT + 1),
    ];
    for bomb in &bombs {
        let (html, _) = readme(bomb, &image);
        assert!(html.len() < 32 * 1024 * 1024);
    }
    assert_eq!(render(&">".repeat(10_000), Profile::Readme(&image)).unwrap_err(), Refused::Depth);
}
