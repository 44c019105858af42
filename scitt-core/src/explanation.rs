//! Verdicts for people.

use core::fmt;

use cose_ext::{Context, Input};

use crate::{Error, Transparent, TransparentStatement, Verifier};

impl Verifier<'_> {
    /// Verifies as [`verify`](Self::verify) does, and writes to `out` what was found out and why,
    /// with the rule and its clause for everything that was refused and for everything that was not
    /// checked.
    ///
    /// Of what is not verified it shows nothing but what [`Error::explain`] shows.
    ///
    /// # Errors
    ///
    /// Those of `out`. What came of the verification is the value.
    pub fn explain<'a>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        out: &mut dyn fmt::Write,
    ) -> Result<Result<Transparent<'a>, Error>, fmt::Error> {
        // The verdict stands first, and is known last: once to find it, once to write the rest.
        let found = self.verify(statement, input, context);
        let bytes = statement.statement().message().bytes();
        match &found {
            Ok(transparent) => signed(transparent, out)?,
            Err(error) => writeln!(out, "{}", error.explain(bytes))?,
        }
        let mut written = Ok(());
        let _ = self.verify_reporting(statement, input, context, &mut |report| {
            if written.is_ok() {
                written = write!(out, "  receipt {} at byte {}: ", report.index, report.offset)
                    .and_then(|()| match &report.outcome {
                        Ok(service) => writeln!(out, "logged by {service} (RFC 9943 7.1)"),
                        Err(error) => writeln!(out, "{error}"),
                    });
            }
        });
        written?;
        if let Ok(transparent) = &found {
            let (services, required) = (transparent.services(), self.required.max(1));
            writeln!(
                out,
                "  {services} different services vouch for it, {required} were asked for"
            )?;
            for it in transparent.not_checked() {
                match it.clause() {
                    Some(clause) => writeln!(out, "  not checked: {it} ({clause})")?,
                    None => writeln!(out, "  not checked: {it}")?,
                }
            }
        }
        Ok(found)
    }
}

fn signed(transparent: &Transparent<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
    let statement = transparent.statement();
    let (by, value) = (statement.by(), statement.value());
    writeln!(
        out,
        "verified: {} says so about {}",
        Quoted(value.issuer().unwrap_or_default()),
        Quoted(value.subject().unwrap_or_default()),
    )?;
    let (identity, algorithm) = (by.identity(), by.algorithm());
    writeln!(out, "  signed by {identity} with {algorithm} (RFC 9943 5.1.1.1)")
}

/// A text of the statement, with nothing in it that a terminal would take for a command.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_debug())
    }
}
