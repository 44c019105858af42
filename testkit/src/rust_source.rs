//! Rust source as tokens, for checks that read source text: comments and literals are gone, everything else stays.
//!
//! It knows just enough of the lexical grammar to never mistake the inside of a comment or a string for code.

/// An identifier, a number, `::`, or one character of punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The text; a raw identifier has lost its `r#`.
    pub text: &'a str,
    /// The line it stands in, from 1.
    pub line: usize,
}

/// The tokens of a source text. Comments, doc comments, strings, characters and lifetimes leave nothing behind.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let (length, keep) = next(rest, first);
        let (text, after) = rest.split_at(length);
        if keep {
            tokens.push(Token { text: text.strip_prefix("r#").unwrap_or(text), line });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    tokens
}

/// The length of what comes next, and whether it is a token.
fn next(rest: &str, first: char) -> (usize, bool) {
    if rest.starts_with("//") {
        (rest.find('\n').unwrap_or(rest.len()), false)
    } else if rest.starts_with("/*") {
        (block_comment(rest), false)
    } else if first == '\'' {
        (character_or_lifetime(rest), false)
    } else if let Some(length) = string(rest) {
        (length, false)
    } else if is_word(first) {
        let start = if rest.starts_with("r#") { 2 } else { 0 };
        (start + rest[start..].find(|c| !is_word(c)).unwrap_or(rest.len() - start), true)
    } else if rest.starts_with("::") {
        (2, true)
    } else {
        (first.len_utf8(), !first.is_whitespace())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

/// `'a'` and `'\n'` are characters, `'a` is a lifetime.
fn character_or_lifetime(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((escaped, c))) => {
            let after = escaped + c.len_utf8();
            rest[after..].find('\'').map_or(rest.len(), |end| after + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1 + rest[1..].find(|c| !is_word(c)).unwrap_or(rest.len() - 1),
    }
}

/// The length of a string of any kind, if one starts here.
fn string(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        rest.strip_prefix(prefix).is_some_and(|tail| {
            let tail = if prefix.ends_with('r') { tail.trim_start_matches('#') } else { tail };
            tail.starts_with('"')
        })
    })?;
    let tail = &rest[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = tail.find('"')?;
        let close = format!("\"{}", &tail[..hashes]);
        let body = prefix.len() + hashes + 1;
        return Some(rest[body..].find(&close).map_or(rest.len(), |end| body + end + close.len()));
    }
    let mut escaped = false;
    for (at, c) in tail.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(prefix.len() + at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_paths_and_punctuation() {
        assert_eq!(
            texts("use crate::r#type::{A, b_1};"),
            ["use", "crate", "::", "type", "::", "{", "A", ",", "b_1", "}", ";"]
        );
    }

    #[test]
    fn comments_leave_nothing() {
        assert_eq!(
            texts("a // crate::x\n/// crate::y\n//! z\nb /* c /* d */ e */ f"),
            ["a", "b", "f"]
        );
        assert_eq!(texts("a /* open"), ["a"]);
    }

    #[test]
    fn strings_and_characters_leave_nothing() {
        assert_eq!(
            texts(r##"a "q \" crate::x" b"y" r"\" r#"in " side"# br"z" c"w" d"##),
            ["a", "d"]
        );
        assert_eq!(texts(r"x '\'' '\u{7f}' '{' 'é' y"), ["x", "y"]);
        assert_eq!(
            texts("&'a str; &'static u8; b'x' z"),
            ["&", "str", ";", "&", "u8", ";", "b", "z"]
        );
    }

    #[test]
    fn lines_are_counted_through_everything() {
        let all = tokens("a\n/* 2\n3 */ b\n\"4\n5\" c");
        assert_eq!(all.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 3, 5]);
    }
}
