/// Where the story went wrong; a program without output says it by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chapter {
    /// The message does not verify.
    Sign1,
    /// The receipt does not lead to the root.
    Receipt,
    /// The transparent statement does not verify, or does not vouch for the artifact.
    TransparentStatement,
    /// The message was accepted with a changed byte.
    TamperedSign1,
    /// The receipt was accepted with a changed byte.
    TamperedReceipt,
    /// The transparent statement was accepted with a changed byte, for another artifact, or with
    /// the receipt of another statement.
    TamperedStatement,
    /// What was made with the heap is not what is committed.
    Making,
    /// What was made with the heap is other bytes than those made with std.
    OtherBytes,
}

impl Chapter {
    /// The exit code; success is 0.
    pub const fn exit_code(self) -> i32 {
        match self {
            Self::Sign1 => 11,
            Self::Receipt => 12,
            Self::TransparentStatement => 13,
            Self::TamperedSign1 => 21,
            Self::TamperedReceipt => 22,
            Self::TamperedStatement => 23,
            Self::Making => 31,
            Self::OtherBytes => 32,
        }
    }
}
