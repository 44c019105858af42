//! scitt-core
