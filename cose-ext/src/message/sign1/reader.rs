//! Signing what a reader hands over.

use std::{
    io::{self, Read},
    vec::Vec,
};

use super::Sign1Builder;
use crate::{Stream, crypto::StreamSigner, reading::feed_from};

impl Sign1Builder {
    /// Signs a detached payload of `len` bytes, all that `reader` still has: a file that does not
    /// fit into memory. It is read once; the message that comes back does not hold it.
    ///
    /// ```
    /// # #[cfg(feature = "rustcrypto")] {
    /// use cose_ext::{Context, Sign1, Stream, Supplied, feed_from, key::TrustedKey};
    /// use cose_ext::{rustcrypto::{P256SigningKey, RustCrypto}, sign1::Sign1Builder};
    ///
    /// let key = P256SigningKey::from_bytes(&[7; 32])?;
    /// let file: &[u8] = b"an image"; // or a `File`
    /// let message = Sign1Builder::new().sign_reader(file.len() as u64, &mut { file }, &key)?;
    ///
    /// let context = Context::new(&RustCrypto);
    /// let public = key.public_key();
    /// let trusted = TrustedKey::new(&public, &context)?;
    /// let (mut reader, mut fault) = (file, None);
    /// let mut feed = feed_from(&mut reader, &mut fault);
    /// let mut stream = Stream::new(file.len() as u64, &mut feed);
    /// let message = Sign1::decode(&message, &context.profile)?;
    /// message.verify_stream(&mut stream, &Supplied::NOTHING, &trusted, &context)?;
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `reader`, and within [`io::Error`] the [`Error`](crate::Error) of
    /// [`sign_stream`](Self::sign_stream): `Sign` with
    /// [`SignError::Interrupted`](crate::crypto::SignError::Interrupted) for another length.
    pub fn sign_reader(
        self,
        len: u64,
        reader: &mut dyn Read,
        signer: &dyn StreamSigner,
    ) -> io::Result<Vec<u8>> {
        let mut fault = None;
        let signed = {
            let mut feed = feed_from(reader, &mut fault);
            self.sign_stream(&mut Stream::new(len, &mut feed), signer)
        };
        match fault {
            Some(fault) => Err(fault),
            None => signed.map_err(io::Error::other),
        }
    }
}
