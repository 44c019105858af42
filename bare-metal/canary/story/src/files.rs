/// The bytes of the story, as they stand in `canary/fixtures`. All keys are public test keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Files<'f> {
    /// A COSE_Sign1 of the issuer with an embedded payload.
    pub sign1: &'f [u8],
    /// The public key of the issuer, a COSE_Key.
    pub issuer_key: &'f [u8],
    /// The public key of the service, a COSE_Key.
    pub service_key: &'f [u8],
    /// What the statement is about.
    pub artifact: &'f [u8],
    /// A statement that contains the digest of the artifact, with its receipt.
    pub transparent_statement: &'f [u8],
    /// Holds the statement with the receipt of another one.
    pub grafted_statement: &'f [u8],
    /// The receipt alone.
    pub receipt: &'f [u8],
    /// What the log calls the entry of the statement: its digest.
    pub entry: &'f [u8],
    /// The root of the log that the receipt leads to.
    pub root: &'f [u8],
}

impl<'f> Files<'f> {
    /// Every file with its name.
    pub const fn named(&self) -> [(&'static str, &'f [u8]); 9] {
        [
            ("sign1.cose", self.sign1),
            ("issuer-key.cbor", self.issuer_key),
            ("service-key.cbor", self.service_key),
            ("artifact.bin", self.artifact),
            ("transparent-statement.scitt", self.transparent_statement),
            ("grafted-statement.scitt", self.grafted_statement),
            ("receipt.receipt", self.receipt),
            ("entry.bin", self.entry),
            ("root.bin", self.root),
        ]
    }
}

/// The committed files, for a `static` of the program that calls this.
#[macro_export]
macro_rules! committed_files {
    () => {
        $crate::Files {
            sign1: include_bytes!("../../fixtures/sign1.cose"),
            issuer_key: include_bytes!("../../fixtures/issuer-key.cbor"),
            service_key: include_bytes!("../../fixtures/service-key.cbor"),
            artifact: include_bytes!("../../fixtures/artifact.bin"),
            transparent_statement: include_bytes!("../../fixtures/transparent-statement.scitt"),
            grafted_statement: include_bytes!("../../fixtures/grafted-statement.scitt"),
            receipt: include_bytes!("../../fixtures/receipt.receipt"),
            entry: include_bytes!("../../fixtures/entry.bin"),
            root: include_bytes!("../../fixtures/root.bin"),
        }
    };
}
