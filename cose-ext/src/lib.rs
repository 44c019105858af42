//! cose-ext
