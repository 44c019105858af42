//! A simulated device makes evidence; a verifier checks it, prints who vouches for what, and issues a result.
//!
//! `cargo run -p examples --bin attest`
//!
//! With a file it opens that instead: a token, a bundle, a CCA token or a claims set, in CBOR or JSON. Keys as JWKs
//! after it are those that the verifier trusts; without any, everything is shown, and nobody vouches for it.
//!
//! `cargo run -p examples --bin attest -- FILE [KEY.jwk.json]...`

mod device;
mod open;
mod show;
mod verifier;

use std::{error::Error, process::ExitCode};

/// What may go wrong, for a person to read.
type Trouble = Box<dyn Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        None => story(),
        Some((file, keys)) => open::file(file, keys),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\nnot as it should be: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn story() -> Result<(), Trouble> {
    println!("the verifier sends a nonce: {}", show::hex(&verifier::NONCE));
    let mut memory = [0; 2048];
    let evidence = device::evidence(&mut memory, &verifier::NONCE)?;
    println!(
        "the device answers with {} bytes, written and signed in a buffer of its own\n",
        evidence.len()
    );

    let tree = verifier::verify(evidence, &verifier::NONCE)?;
    show::tree(&tree)?;
    verifier::appraise(evidence)?;

    println!("\nwhat is refused:");
    verifier::refuses("an answer to another nonce", verifier::verify(evidence, &[0; 16]))?;
    let mut changed = evidence.to_vec();
    if let Some(byte) = changed.get_mut(60) {
        *byte ^= 1;
    }
    verifier::refuses("one bit changed", verifier::verify(&changed, &verifier::NONCE))?;
    let forged = device::by_a_stranger(&mut [0; 2048], &verifier::NONCE)?;
    verifier::refuses(
        "a device that nobody enrolled",
        verifier::verify(&forged, &verifier::NONCE),
    )?;
    println!("\nall as it should be");
    Ok(())
}
