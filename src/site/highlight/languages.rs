//! The table of languages: what a comment, a string, a keyword and a type look like.

/// One language.
pub(super) struct Language {
    names: &'static [&'static str],
    pub(super) line_comments: &'static [&'static str],
    pub(super) block_comments: &'static [(&'static str, &'static str)],
    pub(super) strings: &'static [StringRule],
    pub(super) keywords: &'static [&'static str],
    pub(super) types: &'static [&'static str],
    /// A word or string before this mark is a key.
    pub(super) key_mark: Option<char>,
    /// Characters besides letters, digits and `_` that words are made of.
    pub(super) word_extra: &'static str,
    pub(super) capital_is_type: bool,
    pub(super) ignores_case: bool,
    pub(super) hash_needs_space: bool,
    pub(super) is_markup: bool,
}

/// One way to write a string.
pub(super) struct StringRule {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) escapes: bool,
    pub(super) spans_lines: bool,
    /// One character between quotes, so that a lone quote is no string.
    pub(super) is_character: bool,
}

const fn string(open: &'static str, close: &'static str, escapes: bool, spans_lines: bool) -> StringRule {
    StringRule { open, close, escapes, spans_lines, is_character: false }
}

const DOUBLE: StringRule = string("\"", "\"", true, false);
const SINGLE: StringRule = string("'", "'", true, false);
const LITERAL: StringRule = string("'", "'", false, false);
const LONG_DOUBLE: StringRule = string("\"\"\"", "\"\"\"", true, true);
const LONG_SINGLE: StringRule = string("'''", "'''", true, true);
const BACKTICK: StringRule = string("`", "`", true, true);
const CHARACTER: StringRule =
    StringRule { open: "'", close: "'", escapes: true, spans_lines: false, is_character: true };

const NONE: Language = Language {
    names: &[],
    line_comments: &[],
    block_comments: &[],
    strings: &[DOUBLE],
    keywords: &[],
    types: &[],
    key_mark: None,
    word_extra: "",
    capital_is_type: false,
    ignores_case: false,
    hash_needs_space: false,
    is_markup: false,
};

impl Language {
    /// Returns its first name.
    pub(super) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }
}

/// Returns the language of that name.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    ALL.iter().find(|language| language.names.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// Every language.
pub(super) static ALL: &[Language] = &[
    Language { names: &["json", "jsonc", "json5", "ndjson"], line_comments: &["//"], keywords: &["true", "false", "null"], key_mark: Some(':'), ..NONE },
    Language {
        names: &["toml", "ini"],
        line_comments: &["#"],
        strings: &[LONG_DOUBLE, string("'''", "'''", false, true), DOUBLE, LITERAL],
        keywords: &["true", "false", "inf", "nan"],
        key_mark: Some('='),
        word_extra: "-",
        ..NONE
    },
    Language {
        names: &["yaml", "yml"],
        line_comments: &["#"],
        strings: &[DOUBLE, LITERAL],
        keywords: &["true", "false", "null", "yes", "no"],
        key_mark: Some(':'),
        word_extra: "-",
        hash_needs_space: true,
        ..NONE
    },
    Language {
        names: &["sh", "bash", "shell", "zsh", "console", "dockerfile", "makefile"],
        line_comments: &["#"],
        strings: &[string("\"", "\"", true, true), string("'", "'", false, true)],
        keywords: &[
            "if", "then", "else", "elif", "fi", "for", "in", "do", "done", "while", "until", "case", "esac", "function",
            "return", "export", "local", "set", "cd", "echo", "sudo", "exit", "source",
        ],
        word_extra: "-",
        hash_needs_space: true,
        ..NONE
    },
    Language {
        names: &["javascript", "js", "typescript", "ts", "jsx", "tsx", "mjs", "cjs"],
        line_comments: &["//"],
        block_comments: &[("/*", "*/")],
        strings: &[DOUBLE, SINGLE, BACKTICK],
        keywords: &[
            "abstract", "as", "async", "await", "break", "case", "catch", "class", "const", "continue", "declare",
            "default", "delete", "do", "else", "enum", "export", "extends", "false", "finally", "for", "from", "function",
            "if", "implements", "import", "in", "instanceof", "interface", "let", "namespace", "new", "null", "of",
            "private", "protected", "public", "readonly", "return", "static", "super", "switch", "this", "throw", "true",
            "try", "type", "typeof", "undefined", "var", "void", "while", "yield",
        ],
        types: &["any", "bigint", "boolean", "never", "number", "object", "string", "symbol", "unknown"],
        word_extra: "$",
        capital_is_type: true,
        ..NONE
    },
    Language {
        names: &["python", "py"],
        line_comments: &["#"],
        strings: &[LONG_DOUBLE, LONG_SINGLE, DOUBLE, SINGLE],
        keywords: &[
            "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
            "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "match",
            "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
        ],
        types: &["bool", "bytes", "dict", "float", "int", "list", "object", "set", "str", "tuple"],
        capital_is_type: true,
        ..NONE
    },
    Language {
        names: &["rust", "rs"],
        line_comments: &["//"],
        block_comments: &[("/*", "*/")],
        strings: &[string("r#\"", "\"#", false, true), string("r\"", "\"", false, true), string("\"", "\"", true, true), CHARACTER],
        keywords: &[
            "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
            "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
            "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while",
        ],
        types: &[
            "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64",
            "u8", "usize",
        ],
        capital_is_type: true,
        ..NONE
    },
    Language {
        names: &["go", "golang"],
        line_comments: &["//"],
        block_comments: &[("/*", "*/")],
        strings: &[DOUBLE, string("`", "`", false, true), CHARACTER],
        keywords: &[
            "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "false", "for",
            "func", "go", "goto", "if", "import", "interface", "map", "nil", "package", "range", "return", "select",
            "struct", "switch", "true", "type", "var",
        ],
        types: &[
            "any", "bool", "byte", "error", "float32", "float64", "int", "int16", "int32", "int64", "int8", "rune",
            "string", "uint", "uint16", "uint32", "uint64", "uint8",
        ],
        capital_is_type: true,
        ..NONE
    },
    Language {
        names: &["sql", "postgresql", "mysql", "sqlite"],
        line_comments: &["--"],
        block_comments: &[("/*", "*/")],
        strings: &[string("'", "'", false, true), string("\"", "\"", false, false)],
        keywords: &[
            "add", "all", "alter", "and", "as", "asc", "begin", "between", "by", "case", "check", "commit", "constraint",
            "create", "cross", "default", "delete", "desc", "distinct", "drop", "else", "end", "exists", "false",
            "foreign", "from", "full", "group", "having", "if", "in", "index", "inner", "insert", "into", "is", "join",
            "key", "left", "like", "limit", "not", "null", "offset", "on", "or", "order", "outer", "primary",
            "references", "returning", "right", "rollback", "select", "set", "table", "then", "true", "union", "unique",
            "update", "using", "values", "view", "when", "where", "with",
        ],
        types: &[
            "bigint", "blob", "boolean", "char", "date", "decimal", "double", "int", "integer", "json", "jsonb",
            "numeric", "real", "serial", "smallint", "text", "timestamp", "timestamptz", "uuid", "varchar",
        ],
        ignores_case: true,
        ..NONE
    },
    Language {
        names: &["html", "xml", "svg", "vue", "xhtml"],
        block_comments: &[("<!--", "-->"), ("<![CDATA[", "]]>")],
        strings: &[string("\"", "\"", false, true), string("'", "'", false, true)],
        word_extra: "-:",
        is_markup: true,
        ..NONE
    },
    Language {
        names: &["haskell", "hs"],
        line_comments: &["--"],
        block_comments: &[("{-", "-}")],
        strings: &[DOUBLE, CHARACTER],
        keywords: &[
            "case", "class", "data", "default", "deriving", "do", "else", "forall", "foreign", "if", "import", "in",
            "infix", "infixl", "infixr", "instance", "let", "module", "newtype", "of", "qualified", "then", "type", "where",
        ],
        word_extra: "'",
        capital_is_type: true,
        ..NONE
    },
    Language {
        names: &["ocaml", "ml"],
        block_comments: &[("(*", "*)")],
        strings: &[DOUBLE, CHARACTER],
        keywords: &[
            "and", "as", "assert", "begin", "class", "constraint", "do", "done", "downto", "else", "end", "exception",
            "external", "false", "for", "fun", "function", "functor", "if", "in", "include", "inherit", "lazy", "let",
            "match", "method", "module", "mutable", "new", "nonrec", "object", "of", "open", "or", "private", "rec",
            "sig", "struct", "then", "to", "true", "try", "type", "val", "virtual", "when", "while", "with",
        ],
        types: &["array", "bool", "bytes", "char", "exn", "float", "int", "list", "option", "result", "string", "unit"],
        capital_is_type: true,
        ..NONE
    },
    Language {
        names: &["java", "kotlin", "kt", "csharp", "cs", "scala", "swift"],
        line_comments: &["//"],
        block_comments: &[("/*", "*/")],
        strings: &[LONG_DOUBLE, DOUBLE, CHARACTER],
        keywords: &[
            "abstract", "as", "assert", "async", "await", "break", "case", "catch", "class", "const", "continue", "def",
            "default", "do", "else", "enum", "extends", "extension", "false", "final", "finally", "for", "fun", "func",
            "guard", "if", "implements", "import", "in", "instanceof", "interface", "internal", "is", "let", "namespace",
            "new", "null", "nil", "object", "override", "package", "private", "protected", "public", "record", "return",
            "sealed", "static", "struct", "super", "switch", "this", "throw", "throws", "trait", "true", "try", "using",
            "val", "var", "void", "volatile", "when", "where", "while", "with", "yield",
        ],
        types: &["boolean", "bool", "byte", "char", "double", "float", "int", "long", "short", "string"],
        capital_is_type: true,
        ..NONE
    },
    Language {
        names: &["c", "cpp", "c++", "h", "hpp", "cc"],
        line_comments: &["//"],
        block_comments: &[("/*", "*/")],
        strings: &[DOUBLE, CHARACTER],
        keywords: &[
            "auto", "break", "case", "class", "const", "constexpr", "continue", "default", "delete", "do", "else", "enum",
            "extern", "false", "for", "goto", "if", "inline", "namespace", "new", "nullptr", "operator", "private",
            "protected", "public", "register", "restrict", "return", "sizeof", "static", "struct", "switch", "template",
            "this", "throw", "true", "try", "typedef", "typename", "union", "using", "virtual", "void", "volatile", "while",
        ],
        types: &[
            "bool", "char", "double", "float", "int", "int16_t", "int32_t", "int64_t", "int8_t", "long", "short",
            "signed", "size_t", "uint16_t", "uint32_t", "uint64_t", "uint8_t", "unsigned",
        ],
        ..NONE
    },
    Language {
        names: &["css", "scss", "less"],
        block_comments: &[("/*", "*/")],
        strings: &[DOUBLE, SINGLE],
        keywords: &["@import", "@media", "@supports", "@font-face", "@layer", "@container", "@keyframes", "important"],
        key_mark: Some(':'),
        word_extra: "-@",
        ..NONE
    },
];
