//! Where a value comes from, in Python and JavaScript. Not a parser: functions
//! are told by their headers and indentation, values by simple assignments, one
//! line after another, so that the work grows with the text and nothing else.

use super::language::Language;
use super::subject::ScannedFile;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where a value comes from; ascending by how much an outsider decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Origin {
    /// The text of the program.
    #[default]
    Constant,
    /// Some computation.
    Local,
    /// A parameter of the function.
    Parameter,
    /// An argument of a tool or a request.
    Input,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Value {
    /// Where it comes from.
    pub(super) origin: Origin,
    /// Where the parts come from that were put into a longer text.
    pub(super) built: Origin,
    /// Whether that text is SQL.
    pub(super) is_sql: bool,
}

impl Value {
    fn join(&mut self, other: Self) {
        self.origin = self.origin.max(other.origin);
        self.built = self.built.max(other.built);
        self.is_sql |= other.is_sql;
    }
}

/// A longer line is data, not code that somebody wrote.
const LONG_LINE: usize = 4 << 10;
/// Most bytes of a list of parameters, an argument or an assigned value.
const MOST_EXPRESSION: usize = 2_000;
/// Most bytes of a function that are looked through.
const MOST_FUNCTION: usize = 16 << 10;
/// Most functions inside functions, and texts inside texts, that are followed.
const MOST_DEPTH: usize = 12;

/// Names of parameters that hold what a caller from outside sent.
const HANDLER_NAMES: &[&str] =
    &["args", "arguments", "req", "request", "params", "input", "body", "payload", "tool_input", "toolArgs"];
/// Parameters that say nothing of what a caller sent.
const IGNORED_NAMES: &[&str] =
    &["self", "cls", "ctx", "context", "_", "res", "response", "next", "extra", "options", "err", "error"];
/// Types whose values hold no text.
const PLAIN_TYPES: &[&str] = &[
    "int", "float", "bool", "number", "boolean", "Literal", "Context", "datetime", "date", "UUID", "Decimal",
];
/// Calls whose result an outsider no longer decides.
const CLEANING: &[&str] = &[
    "quote",
    "shellescape",
    "shellEscape",
    "escapeShellArg",
    "shellQuote",
    "escapeshellarg",
    "int",
    "float",
    "bool",
    "len",
    "Number",
    "parseInt",
    "parseFloat",
    "Boolean",
    "Identifier",
    "escapeId",
    "quote_identifier",
    "quoteIdentifier",
    "escapeIdentifier",
    "sanitize",
    "hash",
    "isinstance",
    "typeof",
    "secure_filename",
    "basename",
    "quote_plus",
];
/// Methods whose callbacks get parts of a value.
const CALLBACKS: &[&str] = &[
    "map",
    "forEach",
    "filter",
    "find",
    "some",
    "every",
    "reduce",
    "then",
    "catch",
    "on",
    "once",
    "sort",
    "flatMap",
    "replace",
    "finally",
    "findIndex",
];
/// What a file holds that defines tools or handles requests.
const SERVER_MARKS: &[&str] = &[
    ".tool(",
    "registerTool(",
    "setRequestHandler(",
    "CallToolRequest",
    "FastMCP(",
    "call_tool(",
    "McpServer(",
    "inputSchema",
    "StructuredTool",
    "BaseTool",
    "@tool",
    "addTool(",
    "@app.route",
    "@app.post",
    "@app.get",
    "@router.post",
    "@router.get",
    "mcp.NewTool(",
];

struct Scope<'a> {
    parent: usize,
    indent: usize,
    depth: usize,
    names: BTreeMap<&'a str, Value>,
    start: usize,
    end: usize,
}

/// What is known of the values in one file.
pub(super) struct Flow<'a> {
    text: &'a str,
    is_python: bool,
    is_server: bool,
    scopes: Vec<Scope<'a>>,
    /// Start of each line, and the function it is in.
    lines: Vec<(usize, usize)>,
}

static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^\s*(?:export\s+)?(?:const\s+|let\s+|var\s+)?([\w$]+(?:\s*,\s*[\w$]+)*|\{[^}=]*\}|\[[^\]=]*\])(?:\s*:\s*[\w\[\]<>|., {}]+?)?\s*(?:\+|\?\?|\|\|)?=\s*([^=>\s].*)$",
    )
    .ok()
});
/// A decorator that makes a function the handler of a tool or a request.
static DECORATOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^@(?:[\w.]+\.)?(?:tool|route|get|post|put|delete|patch|resource|prompt|call_tool|handler|websocket|api_view|beta_tool|function_tool|kernel_function)\b").ok()
});
static LOOP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:async )?for\s*\(?\s*(?:await\s*)?\(?(?:const |let |var )?([\w$, \[\]]+?)\s+(?:in|of)\s+(.+?)[:{]?\s*$").ok()
});
static METHOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^\s*(?:(?:export|public|private|protected|static|async|default)\s+)*\*?([\w$]+)\s*(?:<[^>]*>)?\(",
    )
    .ok()
});

impl<'a> Flow<'a> {
    /// Reads a file.
    pub(super) fn of(file: &'a ScannedFile) -> Self {
        let text = file.str();
        let root =
            Scope { parent: 0, indent: 0, depth: 0, names: BTreeMap::new(), start: 0, end: text.len() };
        let mut flow = Self {
            text,
            is_python: file.language == Language::Python,
            is_server: SERVER_MARKS.iter().any(|mark| text.contains(mark)),
            scopes: vec![root],
            lines: Vec::new(),
        };
        flow.read();
        flow
    }

    fn read(&mut self) {
        let mut scope = 0;
        let mut start = 0;
        let mut is_handler = false;
        let mut in_text = false;
        for line in self.text.split_inclusive('\n') {
            let bare = line.trim();
            let quotes =
                if self.is_python { bare.matches("\"\"\"").count() + bare.matches("'''").count() } else { 0 };
            let is_code = !in_text && !bare.is_empty() && line.len() <= LONG_LINE;
            if is_code {
                let indent = line.len() - line.trim_start().len();
                if !bare.starts_with(['}', ')', ']', '#', '*']) && !bare.starts_with("//") {
                    while scope != 0 && self.scopes[scope].indent >= indent {
                        self.scopes[scope].end = start;
                        scope = self.scopes[scope].parent;
                    }
                }
                if bare.starts_with('@') {
                    is_handler |= DECORATOR.as_ref().is_some_and(|regex| regex.is_match(bare));
                } else if let Some(opened) = self.header(line, start, scope, indent, is_handler) {
                    scope = opened;
                    is_handler = false;
                }
                self.assignment(line.trim_end(), start, scope);
            }
            in_text ^= quotes % 2 == 1;
            self.lines.push((start, scope));
            start += line.len();
        }
    }

    /// Opens the scope of a function whose header ends on this line.
    fn header(
        &mut self,
        line: &'a str,
        start: usize,
        scope: usize,
        indent: usize,
        is_handler: bool,
    ) -> Option<usize> {
        let (open, is_callback) = if self.is_python {
            let at = line.find("def ")?;
            if !matches!(line[..at].trim(), "" | "async") {
                return None;
            }
            (start + at + line[at..].find('(')?, false)
        } else {
            self.javascript_header(line, start)?
        };
        let parameters = self.bracketed(open);
        let is_destructured = parameters.trim_start().starts_with('{');
        let is_async = line.contains("async");
        let origin = if is_callback {
            Origin::Local
        } else if is_handler || self.is_server || (is_destructured && is_async && !self.is_python) {
            Origin::Input
        } else {
            Origin::Parameter
        };
        let is_message =
            ["def on_message", "def on_command", "def handle_command", "def on_data", "def onmessage"]
                .iter()
                .any(|header| line.contains(header));
        let origin = if is_message { Origin::Input } else { origin };
        let mut names = BTreeMap::new();
        for name in parameter_names(parameters, self.is_python) {
            let is_sent =
                HANDLER_NAMES.contains(&name) && !is_callback && (self.is_server || !self.is_python);
            let origin = if is_sent { Origin::Input } else { origin };
            names.insert(name, Value { origin, ..Value::default() });
        }
        let depth = self.scopes[scope].depth + 1;
        if depth > MOST_DEPTH {
            return None;
        }
        self.scopes.push(Scope { parent: scope, indent, depth, names, start, end: self.text.len() });
        Some(self.scopes.len() - 1)
    }

    /// Returns where the parameters open, and whether the function is a callback over parts.
    fn javascript_header(&self, line: &str, start: usize) -> Option<(usize, bool)> {
        if let Some(at) = line.find("=>") {
            let from = floor(self.text, (start + at).saturating_sub(MOST_EXPRESSION));
            let before = &self.text[from..start + at];
            let close = before.rfind(')')?;
            if before.len() - close > 120 {
                return None;
            }
            let open = from + opening(before, close)?;
            let caller = self.text[..open].trim_end();
            let caller = caller.strip_suffix("async").unwrap_or(caller).trim_end();
            let is_callback = caller.strip_suffix('(').is_some_and(|caller| {
                CALLBACKS.iter().any(|name| caller.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
            });
            return Some((open, is_callback));
        }
        if let Some(at) = line.find("function") {
            return Some((start + at + line[at..].find('(')?, false));
        }
        let found = METHOD.as_ref()?.captures(line)?;
        let name = found.get(1)?.as_str();
        let is_method = line.trim_end().ends_with('{')
            && !["if", "for", "while", "switch", "catch", "return", "with"].contains(&name);
        is_method.then(|| (start + found.get(0).map_or(0, |whole| whole.end()) - 1, false))
    }

    fn assignment(&mut self, line: &'a str, start: usize, scope: usize) {
        let found = ASSIGNMENT.as_ref().and_then(|regex| regex.captures(line));
        let is_loop = found.is_none();
        let found = found.or_else(|| LOOP.as_ref().and_then(|regex| regex.captures(line)));
        let Some((names, value)) = found.and_then(|found| Some((found.get(1)?, found.get(2)?))) else {
            return;
        };
        if value.as_str().contains("=>") || value.as_str().starts_with("function") {
            return;
        }
        let end = if is_loop { start + value.end() } else { self.end_of_value(start + value.start()) };
        let mut value = self.value(scope, &self.text[start + value.start()..end], 0);
        if is_loop {
            value.built = Origin::Constant;
        }
        let names = names.as_str().trim_matches(['{', '}', '[', ']', ' ']);
        for name in names.split(',') {
            let name = name.rsplit(':').next().unwrap_or(name).trim();
            if !name.is_empty() {
                self.scopes[scope].names.entry(name).or_default().join(value);
            }
        }
    }

    /// Returns where an assigned value ends: with its line, unless brackets are open
    /// or an operator waits.
    fn end_of_value(&self, start: usize) -> usize {
        let mut depth = 0i32;
        let mut in_text = None;
        let mut last = b' ';
        for (at, byte) in self.text.bytes().enumerate().skip(start).take(MOST_EXPRESSION) {
            match (in_text, byte) {
                (Some(quote), byte) if byte == quote => in_text = None,
                (Some(b'`'), _) => {}
                (Some(_), b'\n') => in_text = None,
                (None, b'"' | b'\'' | b'`') => in_text = Some(byte),
                (None, b'(' | b'[' | b'{') => depth += 1,
                (None, b')' | b']' | b'}') => depth -= 1,
                _ => {}
            }
            if byte == b'\n'
                && depth <= 0
                && in_text.is_none()
                && !matches!(last, b'+' | b'\\' | b'=' | b'?' | b':')
            {
                return at;
            }
            if !byte.is_ascii_whitespace() {
                last = byte;
            }
        }
        floor(self.text, (start + MOST_EXPRESSION).min(self.text.len()))
    }

    /// Returns what is between a bracket and its partner.
    pub(super) fn bracketed(&self, open: usize) -> &'a str {
        let end = floor(self.text, (open + MOST_EXPRESSION).min(self.text.len()));
        let inside = self.text.get(open + 1..end).unwrap_or_default();
        let length = closing(inside).unwrap_or(inside.len());
        &inside[..length]
    }

    fn scope_at(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        self.lines.get(line).map_or(0, |(_, scope)| *scope)
    }

    /// Returns the text of the function around a place; the whole text outside of functions.
    pub(super) fn function(&self, at: usize) -> &'a str {
        let scope = &self.scopes[self.scope_at(at)];
        let end = floor(self.text, scope.end.min(scope.start + MOST_FUNCTION));
        self.text.get(scope.start..end.max(scope.start)).unwrap_or_default()
    }

    /// Returns what is known of an expression at a place.
    pub(super) fn value_at(&self, at: usize, expression: &str) -> Value {
        self.value(self.scope_at(at), expression, 0)
    }

    fn look_up(&self, mut scope: usize, name: &str) -> Option<Value> {
        loop {
            if let Some(value) = self.scopes[scope].names.get(name) {
                return Some(*value);
            }
            if scope == 0 {
                return None;
            }
            scope = self.scopes[scope].parent;
        }
    }

    fn value(&self, scope: usize, expression: &str, depth: usize) -> Value {
        let bytes = expression.as_bytes();
        let mut value = Value::default();
        let (mut has_text, mut is_joined) = (false, false);
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if matches!(byte, b'"' | b'\'' | b'`') {
                let end = end_of_text(bytes, at);
                let text = &expression[floor(expression, at)..floor(expression, end)];
                has_text = true;
                value.is_sql |= is_sql(text);
                let is_marked =
                    byte == b'`' && !self.is_python || self.is_python && has_prefix(bytes, at, b'f');
                if is_marked && depth < MOST_DEPTH {
                    for part in interpolations(text) {
                        let inner = self.value(scope, part, depth + 1);
                        value.origin = value.origin.max(inner.origin);
                        value.built = value.built.max(inner.origin);
                    }
                }
                at = end;
            } else if byte == b'_' || byte == b'$' || byte.is_ascii_alphabetic() {
                let end = bytes[at..]
                    .iter()
                    .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')))
                    .map_or(bytes.len(), |length| at + length);
                let name = &expression[at..end];
                let next = expression[end..].trim_start();
                let is_call = next.starts_with('(');
                let is_attribute =
                    at > 0 && bytes[at - 1] == b'.' && !(at > 2 && &bytes[at - 3..at] == b"...");
                is_joined |= is_attribute && matches!(name, "format" | "concat") && is_call;
                if is_call && CLEANING.contains(&name) {
                    let open = end + expression[end..].find('(').unwrap_or(0) + 1;
                    at = closing(&expression[open..]).map_or(bytes.len(), |length| open + length);
                    continue;
                }
                let is_keyword = next.starts_with('=') && !next.starts_with("==") && !next.starts_with("=>");
                if !is_attribute && !is_keyword {
                    self.name(scope, name, next, &mut value);
                }
                at = end;
            } else {
                is_joined |= has_text && matches!(byte, b'+' | b'%')
                    || byte == b'+' && expression[at + 1..].trim_start().starts_with(['"', '\'', '`']);
                at += 1;
            }
        }
        if has_text && is_joined {
            value.built = value.built.max(value.origin);
        }
        value
    }

    fn name(&self, scope: usize, name: &str, next: &str, value: &mut Value) {
        let is_sent = |fields: &[&str]| fields.iter().any(|field| next.starts_with(field));
        if let Some(mut known) = self.look_up(scope, name) {
            if name == "event" && is_sent(&[".body", ".queryString", ".pathParameters"]) {
                known.origin = Origin::Input;
            }
            value.join(known);
            return;
        }
        let origin = match name {
            "request" | "req"
                if is_sent(&[
                    ".args",
                    ".form",
                    ".json",
                    ".get_json",
                    ".values",
                    ".data",
                    ".query",
                    ".body",
                    ".params",
                    ".GET",
                    ".POST",
                ]) =>
            {
                Origin::Input
            }
            "args" | "arguments" | "params" if self.is_server && is_sent(&[".", "["]) => Origin::Input,
            "input" | "prompt" if next.starts_with('(') => Origin::Parameter,
            "sys" | "process" => Origin::Local,
            _ if next.starts_with('(') => Origin::Local,
            _ => Origin::Constant,
        };
        value.origin = value.origin.max(origin);
    }
}

fn is_sql(text: &str) -> bool {
    static SQL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:select\s.{0,300}?\sfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|(?:create|drop|alter|truncate)\s+(?:table|database|view|schema|user|role|index)|where\s+\S+\s*(?:=|like|in|<|>)|set\s+role|pragma\s|explain\s|grant\s|copy\s+\S+\s+(?:from|to))").ok()
    });
    text.len() > 6 && SQL.as_ref().is_some_and(|regex| regex.is_match(&text.replace('\n', " ")))
}

/// Returns whether a quote has this letter before it, as Python's prefixes stand.
fn has_prefix(bytes: &[u8], quote: usize, letter: u8) -> bool {
    bytes[..quote]
        .iter()
        .rev()
        .take(2)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .any(|byte| byte.to_ascii_lowercase() == letter)
}

/// Returns where a quoted text ends.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let is_triple = bytes[start..].starts_with(&[quote; 3]) && quote != b'`';
    let mut at = start + if is_triple { 3 } else { 1 };
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if is_triple && bytes[at..].starts_with(&[quote; 3]) {
            return at + 3;
        } else if !is_triple && (bytes[at] == quote || bytes[at] == b'\n' && quote != b'`') {
            return at + 1;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Returns what stands in braces in a text.
fn interpolations(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let open = rest.find('{')?;
        let inside = &rest[open + 1..];
        let length = closing(inside).unwrap_or(inside.len());
        rest = inside.get(length + 1..).unwrap_or_default();
        Some(&inside[..length])
    })
}

/// Returns where the bracket that was opened before this text closes.
fn closing(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0i32);
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' | b'`' => {
                at = end_of_text(bytes, at);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return Some(at),
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns where the bracket opens that closes here.
fn opening(text: &str, close: usize) -> Option<usize> {
    let mut depth = 0;
    text.bytes().enumerate().take(close + 1).collect::<Vec<_>>().into_iter().rev().find_map(|(at, byte)| {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// Splits at the commas that are in no bracket and no text.
pub(super) fn split_arguments(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut start) = (0, 0i32, 0);
    let mut parts = Vec::new();
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' | b'`' => {
                at = end_of_text(bytes, at);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&text[start..]);
    parts
}

fn parameter_names(parameters: &str, is_python: bool) -> Vec<&str> {
    let mut names = Vec::new();
    for parameter in split_arguments(parameters) {
        let is_rest = parameter.trim_start().starts_with(['*', '.']);
        let parameter = parameter.trim().trim_start_matches(['*', '.']);
        if let Some(inside) = parameter.strip_prefix('{').filter(|_| !is_python) {
            let inside = &inside[..closing(inside).unwrap_or(inside.len())];
            for part in split_arguments(inside) {
                let part = part.split('=').next().unwrap_or(part).trim().trim_start_matches('.');
                names.push(part.rsplit(':').next().unwrap_or(part).trim());
            }
            continue;
        }
        let before = parameter.split('=').next().unwrap_or(parameter);
        let (name, kind) = before.split_once(':').unwrap_or((before, ""));
        let kind = kind.trim().trim_start_matches("Optional[").trim_start_matches("Annotated[");
        let name = name.trim().trim_end_matches('?');
        let first = kind.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !PLAIN_TYPES.contains(&first) && !IGNORED_NAMES.contains(&name) && (is_python || !is_rest) {
            names.push(name);
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RelPath;
    use proptest::prelude::*;

    fn file(path: &str, text: &str) -> ScannedFile {
        ScannedFile::new(RelPath::parse(path).unwrap(), text.as_bytes().to_vec())
    }

    fn value(path: &str, text: &str) -> Value {
        let file = file(path, text);
        let flow = Flow::of(&file);
        let at = text.find("SINK(").unwrap() + 4;
        flow.value_at(at, flow.bracketed(at))
    }

    #[test]
    fn a_tool_argument_is_followed_through_assignments() {
        let head = "mcp = FastMCP('x')\n@mcp.tool()\ndef run(name: str, count: int) -> str:\n";
        for (body, origin, built) in [
            ("    SINK(name)\n", Origin::Input, Origin::Constant),
            ("    SINK(f'ls {name}')\n", Origin::Input, Origin::Input),
            ("    cmd = 'ls ' + name\n    SINK(cmd)\n", Origin::Input, Origin::Input),
            ("    cmd = 'ls %s' % (name,)\n    SINK(cmd)\n", Origin::Input, Origin::Input),
            ("    cmd = 'ls {}'.format(name)\n    SINK(cmd)\n", Origin::Input, Origin::Input),
            ("    SINK(f'ls {count}')\n", Origin::Constant, Origin::Constant),
            ("    SINK(f'ls {shlex.quote(name)}')\n", Origin::Constant, Origin::Constant),
            ("    SINK('name')\n", Origin::Constant, Origin::Constant),
            ("    SINK('ls', name=1)\n", Origin::Constant, Origin::Constant),
        ] {
            let found = value("a.py", &format!("{head}{body}"));
            assert_eq!((found.origin, found.built), (origin, built), "{body}");
        }
        assert_eq!(value("a.py", "def f(x):\n    pass\n\nSINK(x)\n").origin, Origin::Constant);
        assert_eq!(value("a.py", "def f(x):\n    SINK(x)\n").origin, Origin::Parameter);
    }

    #[test]
    fn handlers_of_javascript_are_known() {
        for (text, origin) in [
            ("server.tool('x', {}, async ({ url }) => {\n  SINK(url);\n});\n", Origin::Input),
            ("server.tool('x', {}, async ({\n  url,\n}) => {\n  SINK(url);\n});\n", Origin::Input),
            (
                "server.setRequestHandler(S, async (request) => {\n  const { name, arguments: args } = request.params;\n  SINK(args.path);\n});\n",
                Origin::Input,
            ),
            ("export function f(source) {\n  SINK(source);\n}\n", Origin::Parameter),
            ("files.map((file) => SINK(file));\n", Origin::Local),
            ("app.get('/x', (req, res) => {\n  SINK(req.query.x);\n});\n", Origin::Input),
            ("class A {\n  run(cmd: string) {\n    SINK(cmd);\n  }\n}\n", Origin::Parameter),
            ("SINK('x');\n", Origin::Constant),
        ] {
            assert_eq!(value("a.ts", text).origin, origin, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_fault(text in "[a-z(){}\\[\\]'\"`$=>,.:+ \n\\\\ü]{0,300}") {
            for path in ["a.py", "a.js"] {
                let file = file(path, &text);
                let flow = Flow::of(&file);
                for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
                    flow.value_at(at, flow.bracketed(at));
                    flow.function(at);
                }
            }
        }
    }
}
