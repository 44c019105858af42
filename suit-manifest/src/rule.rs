//! The rules that this crate enforces.

spec_rules::rules! {
    /// The rules of SUIT that this crate enforces, and those that this project adds where the
    /// specifications are silent. Errors name them, tests are named by them.
    pub enum Rule {
        EnvelopeForm = "U1", "SUIT manifest 8.2",
            holds "an envelope is a map, with tag 107 or without a tag",
            broken "this is no SUIT envelope: a map, with tag 107 or without a tag";
        EnvelopeMember = "U2", "SUIT manifest 8.2",
            holds "every member of the envelope is known",
            broken "the envelope has a member that is not known";
        WrapperPresent = "U3", "SUIT manifest 8.3",
            holds "the envelope has an authentication wrapper",
            broken "the envelope has no authentication wrapper";
        ManifestPresent = "U4", "SUIT manifest 8.2",
            holds "the envelope has a manifest, a byte string",
            broken "the envelope has no manifest that is a byte string";
        WrapperFirst = "U5", "SUIT manifest 8.3",
            holds "the authentication wrapper stands before the manifest",
            broken "the authentication wrapper does not stand before the manifest";
        WrapperForm = "U6", "SUIT manifest 8.3",
            holds "the authentication wrapper is a byte string around an array of byte strings, a digest first",
            broken "the authentication wrapper is no array of byte strings with a digest first";
        BlockPresent = "U7", "SUIT manifest 8.3",
            holds "at least one authentication block stands beside the digest",
            broken "the authentication wrapper holds a digest and no authentication block";
        BlockForm = "U8", "SUIT manifest 8.3",
            holds "every authentication block is a tagged COSE_Sign, COSE_Sign1, COSE_Mac or COSE_Mac0",
            broken "an authentication block is no tagged COSE_Sign, COSE_Sign1, COSE_Mac or COSE_Mac0";
        BlockDetached = "U9", "SUIT manifest 8.3",
            holds "the payload of an authentication block is detached",
            broken "the payload of the authentication block is not detached";
        DigestForm = "U10", "SUIT manifest 10",
            holds "a digest is an array of an algorithm and a byte string as long as its output",
            broken "this is no digest: an array of an algorithm and a byte string as long as its output";
        ManifestDigest = "U11", "SUIT manifest 8.3",
            holds "the digest of the wrapper is that of the manifest, its byte string head included",
            broken "the digest of the wrapper is not that of the manifest";
        BlockVerifies = "U12", "SUIT manifest 6.1",
            holds "as many authentication blocks verify, by such keys, as the policy asks for",
            broken "fewer authentication blocks verify than the policy asks for";
        SeveredDigest = "U13", "SUIT manifest 8.6",
            holds "a severed member that is present has the digest that the manifest states, before a byte of it is read",
            broken "the severed member has not the digest that the manifest states";
        SeveredStated = "U14", "SUIT manifest 8.6",
            holds "the manifest states a digest for every severed member of the envelope",
            broken "the manifest states no digest for the severed member of the envelope";
        ManifestForm = "U15", "SUIT manifest 8.4",
            holds "a manifest is a map of members, each of the type that the specification gives it",
            broken "the manifest, or a member of it, is not of the type that the specification gives it";
        ManifestMember = "U16", "SUIT manifest 8.4",
            holds "every member of the manifest is known",
            broken "the manifest has a member that is not known";
        ManifestVersion = "U17", "SUIT manifest 8.4.1",
            holds "the version of the manifest's form is 1",
            broken "the version of the manifest's form is not 1";
        ManifestComplete = "U18", "SUIT manifest 8.4",
            holds "a manifest has a version, a sequence number and a common member",
            broken "the manifest has no version, no sequence number or no common member";
        CommonForm = "U19", "SUIT manifest 8.4.5",
            holds "the common member is a map of members, each of the type that the specification gives it",
            broken "the common member, or a member of it, is not of the type that the specification gives it";
        CommonMember = "U20", "SUIT manifest 8.4.5",
            holds "every member of the common member is known",
            broken "the common member has a member that is not known";
        ComponentIdForm = "U21", "SUIT manifest 8.4.5.1",
            holds "a component identifier is an array of byte strings",
            broken "the component identifier is no array of byte strings";
        ComponentIdOnce = "U22", "this project",
            holds "a component identifier stands in the list of components once",
            broken "a component identifier stands in the list of components twice";
        DependencyForm = "U23", "SUIT trust domains 5.2.2",
            holds "dependencies are a map from component indices to maps that may hold a prefix",
            broken "the dependencies are no map from component indices to maps that may hold a prefix";
        DependencyListed = "U24", "SUIT trust domains 5.2.2",
            holds "the index of a dependency is that of a component",
            broken "the index of a dependency is beyond the list of components";
        TextForm = "U25", "SUIT manifest 8.4.4",
            holds "the text is a map from languages to maps of texts, those of components under their identifiers",
            broken "the text, or a member of it, is not of the type that the specification gives it";
        TextComponent = "U26", "SUIT manifest 8.4.4",
            holds "a component that the text describes stands in the list of components",
            broken "the text describes a component that does not stand in the list of components";
        HistoricDraft = "U27", "this project",
            holds "what follows an older draft is recognised, named and never processed",
            broken "this follows an older draft, whose numbers mean something else today";
        Deterministic = "U28", "SUIT manifest 8.1",
            holds "envelope, manifest and everything in them is in deterministic encoding, without indefinite lengths",
            broken "the encoding is not deterministic";
    }
}
