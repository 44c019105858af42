//! What was told, for people and for machines.

use std::time::Duration;

use crate::Trouble;

/// How the story is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Json,
}

/// The teller: every scene says what it came to, and whether it should have.
pub(crate) struct Told {
    form: Form,
    chapter: String,
    /// In JSON.
    scenes: Vec<String>,
    count: usize,
    wrong: usize,
}

impl Told {
    pub(crate) const fn new(form: Form) -> Self {
        Self { form, chapter: String::new(), scenes: Vec::new(), count: 0, wrong: 0 }
    }

    pub(crate) fn chapter(&mut self, title: &str) {
        self.chapter = title.into();
        if self.form == Form::Text {
            println!("\n{title}\n");
        }
    }

    /// Something that happens as it should, or the story ends.
    pub(crate) fn happens(&mut self, what: &str, detail: &str) {
        self.scene(what, "happened", detail, true);
    }

    /// Something that has to be refused, by this rule.
    pub(crate) fn refused<T, E: ToString>(
        &mut self,
        what: &str,
        rule: &str,
        outcome: Result<T, E>,
        rule_of: impl FnOnce(&E) -> String,
    ) {
        match outcome {
            Ok(_) => self.scene(what, "accepted", "and had to be refused", false),
            Err(error) => {
                let found = rule_of(&error);
                self.scene(what, "refused", &error.to_string(), found == rule);
            }
        }
    }

    /// Something that has to be so.
    pub(crate) fn holds(&mut self, what: &str, detail: &str, is_so: bool) {
        self.scene(what, if is_so { "holds" } else { "does not hold" }, detail, is_so);
    }

    fn scene(&mut self, what: &str, outcome: &str, detail: &str, is_right: bool) {
        self.count = self.count.saturating_add(1);
        if !is_right {
            self.wrong = self.wrong.saturating_add(1);
        }
        match self.form {
            Form::Text => {
                let mark = if is_right { " " } else { "!" };
                println!("{mark} {what}\n      {outcome}: {detail}");
            }
            Form::Json => self.scenes.push(format!(
                "{{\"chapter\":{},\"what\":{},\"outcome\":{},\"detail\":{},\"as_it_should\":{is_right}}}",
                quoted(&self.chapter),
                quoted(what.trim_start()),
                quoted(outcome),
                quoted(detail)
            )),
        }
    }

    /// Ends the story: an error if anything came out otherwise than it should.
    pub(crate) fn end(self, took: Duration) -> Result<(), Trouble> {
        if self.form == Form::Json {
            println!("[\n{}\n]", self.scenes.join(",\n"));
        }
        match self.wrong {
            0 if self.form == Form::Text => {
                println!("\n{} scenes in {took:.1?}, all as they should be", self.count);
            }
            0 => {}
            wrong => {
                return Err(format!("{wrong} scenes came out otherwise than they should").into());
            }
        }
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|letter| match letter {
            '"' => "\\\"".into(),
            '\\' => "\\\\".into(),
            control if control.is_control() => format!("\\u{:04x}", u32::from(control)),
            letter => letter.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}
