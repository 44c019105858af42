//! What a manifest says to people (SUIT manifest 8.4.4).

use cose_ext::{
    Context,
    cbor::{Entries, Map, Raw, Reader, Type},
};

use crate::{
    ComponentId, Components, Error, Rule,
    error::{Breaks, Fact},
};

/// The texts of a manifest by language, borrowed from the envelope.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    map: Map<'a>,
}

/// The texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct LanguageText<'a> {
    language: &'a str,
    map: Map<'a>,
}

/// The texts of one component in one language.
#[derive(Clone, Copy, Debug)]
pub struct ComponentText<'a> {
    component: ComponentId<'a>,
    map: Map<'a>,
}

impl<'a> Text<'a> {
    /// Reads the texts. Numbers that are not known are kept, since nobody acts on them.
    ///
    /// # Errors
    ///
    /// [`Rule::TextForm`], [`Rule::ComponentIdForm`].
    pub fn read(raw: Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(&raw).breaks(Rule::TextForm)?;
        if map.is_empty() {
            return Err(Error::malformed(Rule::TextForm, Fact::Count(0), raw.offset()));
        }
        for (key, value) in &map {
            LanguageText::read(&key, &value)?;
        }
        Ok(Self { map })
    }

    /// Returns the texts of each language.
    #[must_use]
    pub fn languages(&self) -> Languages<'a> {
        Languages { entries: self.map.iter() }
    }

    /// Returns the texts of the first language whose tag begins with that of `language`, up to a
    /// subtag: `de` finds `de-AT`, and letters match in both cases (RFC 4647 3.3.1).
    #[must_use]
    pub fn language(&self, language: &str) -> Option<LanguageText<'a>> {
        self.languages().find(|texts| {
            let (head, rest) = match texts.language.split_at_checked(language.len()) {
                Some(split) => split,
                None => return false,
            };
            head.eq_ignore_ascii_case(language) && (rest.is_empty() || rest.starts_with('-'))
        })
    }

    /// Checks that every component that the text describes is one of `components`. Each that is
    /// described spends as many comparisons from the meter as there are components.
    ///
    /// # Errors
    ///
    /// [`Rule::TextComponent`]; [`Limit::ComparedItems`](cose_ext::error::Limit::ComparedItems).
    pub(crate) fn check_components(
        &self,
        components: &Components<'_>,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        for described in self.languages().flat_map(|texts| texts.components()) {
            let component = described.component;
            context.spend_compared(components.len())?;
            if !components.iter().any(|listed| listed == component) {
                let offset = component.offset();
                return Err(Error::malformed(Rule::TextComponent, Fact::None, offset));
            }
        }
        Ok(())
    }
}

impl<'a> LanguageText<'a> {
    fn read(key: &Raw<'a>, value: &Raw<'a>) -> Result<Self, Error> {
        let language = key.read(Reader::text).breaks(Rule::TextForm)?;
        if !is_language_tag(language) {
            return Err(Error::malformed(Rule::TextForm, Fact::None, key.offset()));
        }
        let map = Map::new(value).breaks(Rule::TextForm)?;
        for (key, value) in &map {
            match key.data_type() {
                Type::Array => {
                    ComponentText::read(&key, &value)?;
                }
                _ => check_text(&key, &value)?,
            }
        }
        Ok(Self { language, map })
    }

    /// Returns the tag of the language, such as `en`.
    #[must_use]
    pub const fn language(&self) -> &'a str {
        self.language
    }

    /// Returns the text under `label`, of [`label::text`](crate::label::text).
    pub fn text(&self, label: i64) -> Option<&'a str> {
        self.map.find(label)?.read(Reader::text).ok()
    }

    /// Returns the texts of each component.
    #[must_use]
    pub fn components(&self) -> ComponentTexts<'a> {
        ComponentTexts { entries: self.map.iter() }
    }

    /// Returns the texts of `component`.
    #[must_use]
    pub fn component(&self, component: &ComponentId<'_>) -> Option<ComponentText<'a>> {
        self.components().find(|texts| texts.component == *component)
    }
}

impl<'a> ComponentText<'a> {
    fn read(key: &Raw<'a>, value: &Raw<'a>) -> Result<Self, Error> {
        let component = ComponentId::read(key)?;
        let map = Map::new(value).breaks(Rule::TextForm)?;
        for (key, value) in &map {
            check_text(&key, &value)?;
        }
        Ok(Self { component, map })
    }

    /// Returns the identifier of the component.
    #[must_use]
    pub const fn component(&self) -> ComponentId<'a> {
        self.component
    }

    /// Returns the text under `label`, of [`label::text`](crate::label::text).
    pub fn text(&self, label: i64) -> Option<&'a str> {
        self.map.find(label)?.read(Reader::text).ok()
    }
}

fn check_text(key: &Raw<'_>, value: &Raw<'_>) -> Result<(), Error> {
    key.read(Reader::int).breaks(Rule::TextForm)?;
    value.read(Reader::text).map(drop).breaks(Rule::TextForm)
}

/// Subtags of 1 to 8 letters, digits after the first, with hyphens between them.
fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let is_short = |subtag: &str| (1..=8).contains(&subtag.len());
    let first = subtags.next().unwrap_or_default();
    is_short(first)
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|it| is_short(it) && it.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Iterator over the languages of a [`Text`].
#[derive(Clone, Debug)]
pub struct Languages<'a> {
    entries: Entries<'a>,
}

impl<'a> Iterator for Languages<'a> {
    type Item = LanguageText<'a>;

    fn next(&mut self) -> Option<LanguageText<'a>> {
        let (key, value) = self.entries.next()?;
        // Every entry was read before.
        LanguageText::read(&key, &value).ok()
    }
}

/// Iterator over the components that a [`LanguageText`] describes.
#[derive(Clone, Debug)]
pub struct ComponentTexts<'a> {
    entries: Entries<'a>,
}

impl<'a> Iterator for ComponentTexts<'a> {
    type Item = ComponentText<'a>;

    fn next(&mut self) -> Option<ComponentText<'a>> {
        let (key, value) = self.entries.find(|(key, _)| key.data_type() == Type::Array)?;
        // Every entry was read before.
        ComponentText::read(&key, &value).ok()
    }
}
