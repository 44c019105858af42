//! Making manifests and envelopes.
//!
//! ```
//! use suit_manifest::author::{ManifestBuilder, ParameterSet, Sequence};
//! use suit_manifest::author::{RECORD_ALL, RECORD_FAILURE};
//! use suit_manifest::cose_ext::{Context, Digest, crypto::Algorithm, sign1::Sign1Builder};
//! use suit_manifest::{Section, cose_ext::rustcrypto::RustCrypto};
//! use suit_manifest::label::{condition, directive};
//! # #[cfg(feature = "rustcrypto")] {
//! # let author = suit_manifest::cose_ext::rustcrypto::P256SigningKey::from_bytes(&[1; 32])?;
//! # let image = b"the new firmware";
//! let context = Context::new(&RustCrypto);
//! let hash = context.hash(Algorithm::SHA256, &[image])?;
//! let digest = Digest::new(Algorithm::SHA256, hash.as_ref())?;
//! let expected = ParameterSet::new().image_digest(&digest).image_size(16);
//! let fetch = ParameterSet::new().uri("https://vendor.example/pump-7");
//! let mut envelope = ManifestBuilder::new(7)
//!     .component(&[b"app"])
//!     .shared(Sequence::new().override_parameters(&expected))
//!     .section(
//!         Section::Install,
//!         Sequence::new()
//!             .override_parameters(&fetch)
//!             .command(directive::FETCH, RECORD_FAILURE)
//!             .command(condition::IMAGE_MATCH, RECORD_ALL),
//!     )
//!     .severed(Section::Install)
//!     .build(Algorithm::SHA256, &context)?;
//! envelope.sign(Sign1Builder::new(), &author, &context)?;
//! let bytes = envelope.to_bytes();
//! # assert!(suit_manifest::Envelope::decode(&bytes, &context.profile).is_ok());
//! # }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod component_name;
mod conversion;
mod encoded;
mod envelope_builder;
mod explanation;
mod image;
#[cfg(feature = "json")]
pub mod json;
mod manifest_builder;
mod parameter_set;
mod sequence;
mod slots;
mod templates;
mod text_builder;

pub use conversion::Conversion;
pub use envelope_builder::EnvelopeBuilder;
pub use explanation::explanation;
pub use image::{Download, Image, Load, images};
pub use manifest_builder::ManifestBuilder;
pub use parameter_set::ParameterSet;
pub use sequence::{RECORD_ALL, RECORD_FAILURE, Sequence};
pub use slots::{SlottedImage, slotted};
pub use templates::{Config, DependencyManifest, dependent, image_with_config, single_image};
pub use text_builder::{LanguageTextBuilder, TextBuilder};
