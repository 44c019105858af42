//! What a manifest says to people, to be written (SUIT manifest 8.4.4).

use alloc::vec::Vec;

use super::{
    component_name::component_name,
    encoded::{SortedMap, byte_string, int, text},
};

/// The texts of a manifest by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct TextBuilder {
    languages: SortedMap,
}

/// The texts in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct LanguageTextBuilder {
    map: SortedMap,
}

impl TextBuilder {
    /// Makes texts in no language.
    pub const fn new() -> Self {
        Self { languages: SortedMap::new() }
    }

    /// Sets the texts of `language`, a tag such as `en`.
    pub fn language(mut self, language: &str, texts: &LanguageTextBuilder) -> Self {
        self.languages.set(text(language), texts.map.to_bytes());
        self
    }

    /// Returns whether there is no text in any language.
    pub(crate) fn is_empty(&self) -> bool {
        self.languages.is_empty()
    }

    /// Returns the texts as the byte string that they are in a manifest.
    pub(crate) fn wrapped(&self) -> Vec<u8> {
        byte_string(&self.languages.to_bytes())
    }
}

impl LanguageTextBuilder {
    /// Makes no texts.
    pub const fn new() -> Self {
        Self { map: SortedMap::new() }
    }

    /// Sets the text under `label`, of [`label::text`](crate::label::text).
    pub fn text(mut self, label: i64, value: &str) -> Self {
        self.map.set(int(label), text(value));
        self
    }

    /// Sets the texts of a component, each under its number of [`label::text`](crate::label::text).
    pub fn component<S: AsRef<[u8]>>(mut self, segments: &[S], texts: &[(i64, &str)]) -> Self {
        let mut map = SortedMap::new();
        for (label, value) in texts {
            map.set(int(*label), text(value));
        }
        self.map.set(component_name(segments), map.to_bytes());
        self
    }

    /// Returns whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}
