//! Names of certificates as text (RFC 4514).

use alloc::string::String;
use core::fmt::{self, Write};

use der::Decode;
use x509_cert::name::Name;

use super::Certificate;
use crate::{Error, Rule, diag::is_invisible};

impl Certificate<'_> {
    /// Returns the name of the subject as text, the most specific part first (RFC 4514):
    /// `CN=signer,O=Example`. For people to read: it is as untrusted as the certificate, two names
    /// that look alike may differ, and an identity is made of
    /// [`subject`](Self::subject) and never of this.
    ///
    /// Characters that would not show, or change how the rest is shown, are written as the bytes of
    /// their UTF-8, each behind a backslash.
    ///
    /// ```
    /// use cose_ext::{Error, x509::Certificate};
    ///
    /// fn who(der: &[u8]) -> Result<String, Error> {
    ///     Certificate::decode(der)?.subject_text()
    /// }
    /// assert!(who(b"not a certificate").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If it is not a Name, which the parser of certificates does not look at.
    pub fn subject_text(&self) -> Result<String, Error> {
        text(self.subject())
    }

    /// Returns the name of the issuer as text, as [`subject_text`](Self::subject_text) does.
    ///
    /// # Errors
    ///
    /// If it is not a Name, which the parser of certificates does not look at.
    pub fn issuer_text(&self) -> Result<String, Error> {
        text(self.issuer())
    }
}

fn text(name: &[u8]) -> Result<String, Error> {
    let malformed = Error::malformed(Rule::CertificateForm, 0);
    let name = Name::from_der(name).map_err(|_| malformed)?;
    let mut shown = Visible(String::new());
    match write!(shown, "{name}") {
        Ok(()) => Ok(shown.0),
        Err(_) => Err(malformed),
    }
}

/// Text whose every character shows.
struct Visible(String);

impl Write for Visible {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if is_invisible(character) {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    write!(self.0, "\\{byte:02x}")?;
                }
            } else {
                self.0.push(character);
            }
        }
        Ok(())
    }
}
