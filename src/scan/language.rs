//! What a file is written in, and who reads it: by its name first, since that
//! is what tools go by, then by its first bytes.

use crate::model::RelPath;
use crate::model::term;

term!(
    /// What a file is written in.
    Language {
        /// Markdown and its relatives.
        Markdown = "markdown",
        /// JavaScript.
        JavaScript = "javascript",
        /// TypeScript.
        TypeScript = "typescript",
        /// Python.
        Python = "python",
        /// A Unix shell.
        Shell = "shell",
        /// PowerShell and batch files.
        PowerShell = "powershell",
        /// SQL.
        Sql = "sql",
        /// Go.
        Go = "go",
        /// Rust.
        Rust = "rust",
        /// Java, Kotlin, C#, C and the like.
        Compiled = "compiled",
        /// PHP.
        Php = "php",
        /// Ruby.
        Ruby = "ruby",
        /// JSON.
        Json = "json",
        /// TOML.
        Toml = "toml",
        /// YAML.
        Yaml = "yaml",
        /// HTML.
        Html = "html",
        /// SVG and other XML.
        Xml = "xml",
        /// CSS.
        Css = "css",
        /// A Dockerfile.
        Dockerfile = "dockerfile",
        /// A Makefile.
        Makefile = "makefile",
        /// Any other text.
        Text = "text",
        /// Not text.
        Binary = "binary",
    }
);

impl Language {
    /// Returns whether programs are written in it.
    pub fn is_code(self) -> bool {
        use Language::{
            Compiled, Dockerfile, Go, JavaScript, Makefile, Php, PowerShell, Python, Ruby, Rust, Shell, Sql,
            TypeScript,
        };
        matches!(
            self,
            JavaScript
                | TypeScript
                | Python
                | Shell
                | PowerShell
                | Sql
                | Go
                | Rust
                | Compiled
                | Php
                | Ruby
                | Dockerfile
                | Makefile
        )
    }
}

term!(
    /// Who reads a file.
    Role {
        /// A model acts on it: prompts, skills, agents, tool descriptions.
        Prompt = "prompt",
        /// People read it.
        Document = "document",
        /// A machine runs it.
        Code = "code",
        /// A machine reads it.
        Data = "data",
        /// The text of a licence.
        License = "license",
    }
);

/// Extension to language.
const EXTENSIONS: &[(&str, Language)] = &[
    ("md", Language::Markdown),
    ("mdx", Language::Markdown),
    ("mdc", Language::Markdown),
    ("markdown", Language::Markdown),
    ("js", Language::JavaScript),
    ("mjs", Language::JavaScript),
    ("cjs", Language::JavaScript),
    ("jsx", Language::JavaScript),
    ("ts", Language::TypeScript),
    ("mts", Language::TypeScript),
    ("cts", Language::TypeScript),
    ("tsx", Language::TypeScript),
    ("vue", Language::TypeScript),
    ("svelte", Language::TypeScript),
    ("py", Language::Python),
    ("pyw", Language::Python),
    ("pyi", Language::Python),
    ("pth", Language::Python),
    ("ipynb", Language::Python),
    ("sh", Language::Shell),
    ("bash", Language::Shell),
    ("zsh", Language::Shell),
    ("fish", Language::Shell),
    ("command", Language::Shell),
    ("ps1", Language::PowerShell),
    ("psm1", Language::PowerShell),
    ("bat", Language::PowerShell),
    ("cmd", Language::PowerShell),
    ("vbs", Language::PowerShell),
    ("sql", Language::Sql),
    ("go", Language::Go),
    ("rs", Language::Rust),
    ("java", Language::Compiled),
    ("kt", Language::Compiled),
    ("cs", Language::Compiled),
    ("c", Language::Compiled),
    ("h", Language::Compiled),
    ("cpp", Language::Compiled),
    ("swift", Language::Compiled),
    ("scala", Language::Compiled),
    ("php", Language::Php),
    ("rb", Language::Ruby),
    ("gemspec", Language::Ruby),
    ("json", Language::Json),
    ("jsonc", Language::Json),
    ("json5", Language::Json),
    ("ndjson", Language::Json),
    ("jsonl", Language::Json),
    ("toml", Language::Toml),
    ("yaml", Language::Yaml),
    ("yml", Language::Yaml),
    ("html", Language::Html),
    ("htm", Language::Html),
    ("xhtml", Language::Html),
    ("svg", Language::Xml),
    ("xml", Language::Xml),
    ("css", Language::Css),
    ("scss", Language::Css),
    ("txt", Language::Text),
    ("rst", Language::Text),
    ("prompt", Language::Text),
    ("env", Language::Text),
    ("ini", Language::Text),
    ("cfg", Language::Text),
    ("conf", Language::Text),
    ("properties", Language::Text),
    ("csv", Language::Text),
    ("tmpl", Language::Text),
    ("j2", Language::Text),
];

/// Whole names to languages.
const NAMES: &[(&str, Language)] = &[
    ("dockerfile", Language::Dockerfile),
    ("containerfile", Language::Dockerfile),
    ("makefile", Language::Makefile),
    ("rakefile", Language::Ruby),
    ("gemfile", Language::Ruby),
    (".bashrc", Language::Shell),
    (".zshrc", Language::Shell),
    (".profile", Language::Shell),
];

/// Returns the language of a file by its name, else by its first line.
pub(super) fn language_of(path: &RelPath, bytes: &[u8]) -> Language {
    let name = path.file_name().to_lowercase();
    if let Some((_, language)) = NAMES.iter().find(|(known, _)| name == *known) {
        return *language;
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if let Some((_, language)) = EXTENSIONS.iter().find(|(known, _)| extension == *known) {
        return *language;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(128)]).into_owned();
    let first = head.lines().next().unwrap_or_default();
    match first.strip_prefix("#!") {
        Some(rest) if rest.contains("python") => Language::Python,
        Some(rest) if rest.contains("node") || rest.contains("deno") => Language::JavaScript,
        Some(rest) if rest.contains("sh") => Language::Shell,
        _ if bytes.contains(&0) || std::str::from_utf8(bytes).is_err() => Language::Binary,
        _ => Language::Text,
    }
}

/// Folders whose texts a model acts on.
const PROMPT_FOLDERS: &[&str] = &[
    "prompts",
    "prompt",
    "skills",
    "skill",
    "agents",
    "agent",
    "commands",
    "rules",
    "instructions",
    "personas",
    "tools",
    "mcp-server",
    "mcp",
];

/// Names of files a model acts on, without extension.
const PROMPT_NAMES: &[&str] = &[
    "skill",
    "skills",
    "agents",
    "agent",
    "claude",
    "gemini",
    "copilot-instructions",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules",
    "instructions",
    "system",
    "system-prompt",
    "prompt",
    "mcp",
    "tools",
    "tool",
    "plugin",
    "manifest",
    "server",
];

/// Names of files that people read, without extension.
const DOCUMENT_NAMES: &[&str] = &[
    "readme",
    "changelog",
    "contributing",
    "security",
    "code_of_conduct",
    "authors",
    "history",
    "notice",
    "news",
];

/// Returns who reads a file.
pub(super) fn role_of(path: &RelPath, language: Language) -> Role {
    let name = path.file_name().to_lowercase();
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or_default();
    let is_text = matches!(language, Language::Markdown | Language::Text | Language::Html);
    if ["license", "licence", "copying", "unlicense"].iter().any(|known| stem.starts_with(known))
        && !language.is_code()
    {
        return Role::License;
    }
    if language.is_code() {
        return Role::Code;
    }
    let in_prompt_folder =
        folders(path).any(|folder| PROMPT_FOLDERS.contains(&folder.to_lowercase().as_str()));
    let is_prompt_name =
        PROMPT_NAMES.contains(&stem) || name.starts_with(".cursorrules") || name.ends_with(".mdc");
    if is_text {
        if DOCUMENT_NAMES.contains(&stem) && !in_prompt_folder {
            return Role::Document;
        }
        let in_documents =
            path.components().any(|folder| matches!(folder, "docs" | "doc" | "examples" | "licenses"));
        if in_prompt_folder
            || is_prompt_name
            || (language == Language::Markdown && !in_documents)
            || name.ends_with(".prompt")
        {
            return Role::Prompt;
        }
        return Role::Document;
    }
    let is_structured = matches!(language, Language::Json | Language::Yaml | Language::Toml);
    if is_structured && (in_prompt_folder || is_prompt_name) { Role::Prompt } else { Role::Data }
}

/// Returns the folders that a file is in.
fn folders(path: &RelPath) -> impl Iterator<Item = &str> {
    let folder = path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.split('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_who_reads_a_file() {
        for (path, language, role) in [
            ("SKILL.md", Language::Markdown, Role::Prompt),
            ("README.md", Language::Markdown, Role::Document),
            ("prompts/system.txt", Language::Text, Role::Prompt),
            ("docs/guide.md", Language::Markdown, Role::Document),
            ("skills/pdf/README.md", Language::Markdown, Role::Prompt),
            ("metadata/agent/support.json", Language::Json, Role::Prompt),
            ("metadata/object/invoice.json", Language::Json, Role::Data),
            ("LICENSE", Language::Text, Role::License),
            ("scripts/license.py", Language::Python, Role::Code),
            ("Dockerfile", Language::Dockerfile, Role::Code),
            ("notes.txt", Language::Text, Role::Document),
        ] {
            let path = RelPath::parse(path).unwrap();
            let found = language_of(&path, b"text");
            assert_eq!((found, role_of(&path, found)), (language, role), "{path}");
        }
    }

    #[test]
    fn a_script_without_extension_is_known_by_its_first_line() {
        let path = RelPath::parse("bin/run").unwrap();
        assert_eq!(language_of(&path, b"#!/usr/bin/env python3\n"), Language::Python);
        assert_eq!(language_of(&path, b"#!/bin/bash\n"), Language::Shell);
        assert_eq!(language_of(&path, b"\x7fELF\x00"), Language::Binary);
    }
}
