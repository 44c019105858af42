//! Claims for people to read.

use cose_ext::{Profile, cwt::ClaimKey, diag, sign::Signers};
use rats_eat::{Claims, Finding, Path, Step, Tree, TreeContent, Voucher};

use crate::Trouble;

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Prints each part of a token with who vouches for it.
pub(crate) fn tree(tree: &Tree) -> Result<(), Trouble> {
    for part in tree.parts() {
        let depth = part.path.matches("submods/").count();
        let indent = "  ".repeat(depth);
        let name = if part.path.is_empty() { "the token" } else { &part.path };
        let voucher = match part.voucher {
            Voucher::OuterSignature => "the signature around it",
            Voucher::OwnSignature => "its own signature",
            Voucher::Digest => "a digest in the token around it",
            Voucher::Nobody => "nobody whom the verifier knows",
        };
        println!("{indent}{name}: vouched for by {voucher}");
        match &part.content {
            TreeContent::Claims(verified) => {
                signers(verified.by(), &indent);
                claims(&verified.value().claims(&Profile::LENIENT)?, &indent);
            }
            TreeContent::NotSupplied(_) => println!("{indent}  a claims set that was not sent"),
            TreeContent::NotEvaluated(error) => println!("{indent}  not evaluated: {error}"),
            other => println!("{indent}  {other:?}"),
        }
    }
    Ok(())
}

fn signers(by: &Signers, indent: &str) {
    for signer in by.iter() {
        let thumbprint = signer.thumbprint().map(|thumbprint| hex(thumbprint.as_bytes()));
        let key = thumbprint.as_deref().and_then(|hex| hex.get(..16)).unwrap_or("a secret key");
        println!("{indent}  by {key}, issuer: {:?}", signer.issuer());
    }
}

/// No names: what a value holds is a matter of its claim.
struct Plain;

impl diag::Names for Plain {}

/// Prints claims but their submodules, and what breaks a rule.
pub(crate) fn claims(claims: &Claims<'_>, indent: &str) {
    for (key, value) in claims.iter().filter(|(key, _)| *key != ClaimKey::SUBMODS) {
        let path = Path::TOKEN.then(Step::Claim(key));
        let mut text = String::new();
        if diag::print(value.bytes(), &Plain, &mut text).is_ok() {
            println!("{indent}  {path}: {text}");
        }
    }
    claims.validate(&mut |finding: &Finding<'_>| println!("{indent}  broken: {finding}"));
}
