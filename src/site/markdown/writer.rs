//! Markdown events to HTML: headings, links, images, code, footnotes and raw
//! HTML are written here; the parser's own writer does the rest.

use super::super::highlight;
use super::super::text::{escaped, push_escaped};
use super::links::{self, Target};
use super::raw::{RawTags, push_image};
use super::{MAX_DEPTH, MAX_OUTPUT, Profile, Refused, Rendered, TocEntry, anchor_of};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::collections::{HashMap, HashSet};

/// Writes a text as HTML that is still to be sanitised.
pub(super) fn write(text: &str, profile: Profile<'_>) -> Result<Rendered, Refused> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut writer = Writer::new(profile);
    for event in Parser::new_ext(text, options) {
        writer.event(event)?;
        if writer.bytes > MAX_OUTPUT {
            return Err(Refused::Output);
        }
    }
    let mut end = String::new();
    writer.raw.finish(&mut end);
    writer.push(end);
    let mut rendered = Rendered { title: writer.title, contents: writer.contents, ..Rendered::default() };
    html::push_html(&mut rendered.html, writer.events.into_iter());
    Ok(rendered)
}

struct Writer<'a, 'p> {
    profile: Profile<'p>,
    events: Vec<Event<'a>>,
    /// Bytes of the events so far.
    bytes: usize,
    depth: usize,
    raw: RawTags,
    /// Whether each open link was written.
    links: Vec<bool>,
    /// Address and text of the image that is open, and images within it.
    image: Option<(String, String, usize)>,
    /// Language and text of the code block that is open.
    code: Option<(String, String)>,
    /// The HTML block that is open.
    block: Option<String>,
    /// Where the events of the open heading begin, and its text.
    heading: Option<(usize, String)>,
    ids: HashSet<String>,
    /// How often each id was asked for again.
    repeats: HashMap<String, usize>,
    footnotes: HashMap<String, usize>,
    title: Option<String>,
    contents: Vec<TocEntry>,
}

impl<'a, 'p> Writer<'a, 'p> {
    fn new(profile: Profile<'p>) -> Self {
        Self {
            profile,
            events: Vec::new(),
            bytes: 0,
            depth: 0,
            raw: RawTags::default(),
            links: Vec::new(),
            image: None,
            code: None,
            block: None,
            heading: None,
            // The page's own landmark.
            ids: HashSet::from(["main".to_owned()]),
            repeats: HashMap::new(),
            footnotes: HashMap::new(),
            title: None,
            contents: Vec::new(),
        }
    }

    fn push(&mut self, html: String) {
        if !html.is_empty() {
            self.bytes += html.len();
            self.events.push(Event::InlineHtml(html.into()));
        }
    }

    fn keep(&mut self, event: Event<'a>) {
        self.bytes += 16;
        self.events.push(event);
    }

    fn event(&mut self, event: Event<'a>) -> Result<(), Refused> {
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(Refused::Depth);
                }
            }
            Event::End(_) => self.depth -= 1,
            _ => {}
        }
        if self.image.is_some() {
            self.inside_image(event);
        } else {
            self.outside_image(event);
        }
        Ok(())
    }

    fn inside_image(&mut self, event: Event<'a>) {
        let Some((_, alt, nested)) = &mut self.image else { return };
        match event {
            Event::Start(Tag::Image { .. }) => *nested += 1,
            Event::End(TagEnd::Image) if *nested > 0 => *nested -= 1,
            Event::End(TagEnd::Image) => self.end_image(),
            Event::Text(text) | Event::Code(text) => alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => alt.push(' '),
            _ => {}
        }
    }

    fn end_image(&mut self) {
        let Some((url, alt, _)) = self.image.take() else { return };
        let is_in_link = self.links.contains(&true) || self.raw.is_in_link();
        let mut out = String::new();
        push_image(&url, &alt, "", self.profile, is_in_link, &mut out);
        if let Some((_, text)) = &mut self.heading {
            text.push_str(&alt);
        }
        self.push(out);
    }

    fn outside_image(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(text),
            Event::Code(code) => {
                if let Some((_, text)) = &mut self.heading {
                    text.push_str(&code);
                }
                self.push(format!("<code>{}</code>", escaped(&code)));
            }
            Event::Html(html) | Event::InlineHtml(html) => match &mut self.block {
                Some(block) => block.push_str(&html),
                None => self.raw_html(&html),
            },
            Event::FootnoteReference(label) => {
                let number = self.footnote(&label);
                self.push(format!(
                    "<sup><a href=\"#{0}fn-{number}\">{number}</a></sup>",
                    self.profile.id_prefix()
                ));
            }
            Event::TaskListMarker(done) => self.push(if done { "☑ " } else { "☐ " }.into()),
            other => self.keep(other),
        }
    }

    fn text(&mut self, text: CowStr<'a>) {
        self.bytes += text.len();
        if let Some((_, code)) = &mut self.code {
            code.push_str(&text);
            return;
        }
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(&text);
        }
        self.keep(Event::Text(text));
    }

    fn raw_html(&mut self, html: &str) {
        let mut out = String::new();
        self.raw.write(html, self.profile, &mut out);
        self.push(out);
    }

    fn footnote(&mut self, label: &str) -> usize {
        let next = self.footnotes.len() + 1;
        *self.footnotes.entry(label.to_owned()).or_insert(next)
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Heading { .. } => {
                self.raw.enter();
                self.heading = Some((self.events.len(), String::new()));
            }
            Tag::CodeBlock(kind) => self.code = Some((language_of(&kind), String::new())),
            Tag::HtmlBlock => self.block = Some(String::new()),
            Tag::Link { dest_url, .. } => {
                let is_nested = self.links.contains(&true) || self.raw.is_in_link();
                match links::link(&dest_url, self.profile) {
                    Target::Url(url) if !is_nested => {
                        self.links.push(true);
                        self.push(self.profile.link(&url));
                    }
                    _ => self.links.push(false),
                }
                self.raw.enter();
            }
            Tag::Image { dest_url, .. } => self.image = Some((dest_url.to_string(), String::new(), 0)),
            Tag::FootnoteDefinition(label) => {
                let number = self.footnote(&label);
                self.push(format!("<div id=\"{}fn-{number}\"><sup>{number}</sup>", self.profile.id_prefix()));
                self.raw.enter();
            }
            other => {
                self.raw.enter();
                self.keep(Event::Start(other));
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => return self.end_code(),
            TagEnd::HtmlBlock => return self.end_html(),
            _ => {}
        }
        let mut closing = String::new();
        self.raw.leave(&mut closing);
        self.push(closing);
        match tag {
            TagEnd::Heading(level) => self.end_heading(level as u8),
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    self.push("</a>".into());
                }
            }
            TagEnd::FootnoteDefinition => self.push("</div>\n".into()),
            other => self.keep(Event::End(other)),
        }
    }

    fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else { return };
        let mut out = String::from("<pre><code");
        match highlight::canonical_name(&language) {
            Some(name) => {
                out.push_str(&format!(" class=\"language-{name}\">"));
                out.push_str(&highlight::highlight(name, &code));
            }
            None => {
                out.push('>');
                push_escaped(&mut out, &code);
            }
        }
        out.push_str("</code></pre>\n");
        self.push(out);
    }

    fn end_html(&mut self) {
        let Some(block) = self.block.take() else { return };
        let mut out = String::new();
        self.raw.write(&block, self.profile, &mut out);
        self.raw.end_block(&mut out);
        self.push(out);
    }

    fn end_heading(&mut self, level: u8) {
        let Some((start, text)) = self.heading.take() else { return };
        let is_docs = matches!(self.profile, Profile::Docs);
        if is_docs && level == 1 && self.title.is_none() {
            self.events.truncate(start);
            self.title = Some(text);
            return;
        }
        let level = if is_docs { level.max(2) } else { (level + 1).min(6) };
        let id = self.unique_id(&text);
        let open = Event::InlineHtml(format!("<h{level} id=\"{}\">", escaped(&id)).into());
        self.events.insert(start, open);
        self.push(format!("</h{level}>\n"));
        if level <= 3 {
            self.contents.push(TocEntry { id, text, level });
        }
    }

    fn unique_id(&mut self, text: &str) -> String {
        let base = format!("{}{}", self.profile.id_prefix(), anchor_of(text));
        let mut id = base.clone();
        while !self.ids.insert(id.clone()) {
            let number = self.repeats.entry(base.clone()).or_insert(0);
            *number += 1;
            id = format!("{base}-{number}");
        }
        id
    }
}

fn language_of(kind: &CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => {
            info.split([' ', ',', '{', '\t']).next().unwrap_or_default().chars().take(24).collect()
        }
        CodeBlockKind::Indented => String::new(),
    }
}
