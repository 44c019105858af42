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
        MudForm = "U30", "SUIT MUD 5",
            holds "a MUD container is a map of a URL with tag 32, of the scheme https, and of the thumbprint of the key that signs the MUD file",
            broken "the MUD container is no map of exactly an https URL with tag 32 and a digest";
        AuthoringInput = "U29", "this project",
            holds "a description in JSON has the members that a manifest needs",
            broken "the description lacks a member, or has it in another form";
        SequenceForm = "P1", "SUIT manifest 8.4.6",
            holds "a command sequence is an array of commands, each followed by its argument",
            broken "this is no array of commands, each followed by its argument";
        CommandKnown = "P2", "SUIT manifest 6.1",
            holds "every command of the procedure is known, which is seen before anything is done",
            broken "the manifest has a command that is not known";
        ParameterKnown = "P3", "SUIT manifest 6.1",
            holds "every parameter of the procedure is known, which is seen before anything is done",
            broken "the manifest has a parameter that is not known";
        ParameterForm = "P4", "SUIT manifest 8.4.8",
            holds "a parameter has the type that the specification gives it",
            broken "the parameter is not of the type that the specification gives it";
        ArgumentForm = "P5", "SUIT manifest 8.4.6",
            holds "the argument of a command has the type that the specification gives it",
            broken "the argument of the command is not of the type that the specification gives it";
        SharedCommands = "P6", "SUIT manifest appendix A",
            holds "the shared sequence holds only commands that have no effect on the device",
            broken "a command that has an effect on the device stands in the shared sequence";
        IndexFirst = "P7", "SUIT manifest 6.2",
            holds "with more than one component, every sequence of the manifest begins with set-component-index",
            broken "the sequence does not begin with set-component-index, and there is more than one component";
        IndexListed = "P8", "SUIT manifest 8.4.10.1",
            holds "a component index names a component of the manifest",
            broken "the component index is beyond the list of components";
        ComponentCount = "P9", "SUIT manifest 6.2",
            holds "a manifest lists no more components than the device has",
            broken "the manifest lists more components than the device has";
        ComponentKnown = "P10", "SUIT manifest 6.1",
            holds "the device has every component that the manifest lists, which is seen before anything is done",
            broken "the device does not have a component that the manifest lists";
        SequenceNumber = "P11", "SUIT manifest 8.4.2",
            holds "an update has a greater sequence number than the manifest before, or is the same manifest; others have one that is not lower",
            broken "the sequence number is lower than the stored one, or the same with another manifest";
        NumberStored = "P12", "this project",
            holds "the stored sequence number moves after the last section of an update has succeeded, and not before",
            broken "the sequence number could not be stored";
        SharedFirst = "P13", "SUIT manifest 8.4.5",
            holds "the shared sequence runs before every section",
            broken "the shared sequence did not run before the section";
        SectionOrder = "P14", "SUIT manifest 8.4.6",
            holds "the sections of a procedure run in its order, not in that of the map",
            broken "the sections did not run in the order of the procedure";
        IndexLoops = "P15", "SUIT manifest 6.5",
            holds "under an index that is true or a list, a command with all its sequences runs for one component after the other",
            broken "the command did not run for one component after the other";
        TryEachFirst = "P16", "SUIT manifest 8.4.10.2",
            holds "of a try-each, the first sequence that does not fail ends it, and nil does not fail",
            broken "a sequence of the try-each ran after one that did not fail";
        TryEachExhausted = "P17", "SUIT manifest 8.4.10.2",
            holds "a try-each whose sequences all fail ends the procedure",
            broken "all sequences of the try-each failed";
        ConditionFailed = "P18", "SUIT manifest 8.4.9",
            holds "a condition that fails ends its sequence, and the procedure unless the sequence fails softly",
            broken "the condition does not hold";
        SoftFailureScoped = "P19", "SUIT manifest 8.4.8.15",
            holds "soft failure is set inside of try-each and run-sequence only, is true in the one and false in the other, and ends with its sequence",
            broken "soft failure is set outside of try-each and run-sequence";
        ParameterMissing = "P20", "SUIT manifest 8.4.9",
            holds "a condition without its parameter fails, and so does a directive",
            broken "the parameter that the command needs is not set";
        DirectiveFailed = "P21", "SUIT manifest 6.4",
            holds "a directive that fails ends the procedure, however softly its sequence fails",
            broken "the device could not do what the directive says";
        SourcePresent = "P22", "SUIT manifest 8.4.10.5",
            holds "copy and swap fail if there is no source",
            broken "there is no source to copy or to swap, or the device could not";
        StrictOrderIndex = "P23", "SUIT manifest 6.7",
            holds "without strict order, run-sequence begins with set-component-index under an integer index, and has no other",
            broken "a run-sequence without strict order does not begin with set-component-index, or has a second one";
        StrictOrderSource = "P24", "SUIT manifest 6.7",
            holds "without strict order, no component is target and source",
            broken "without strict order, a component is both target and source";
        ImageDigest = "P25", "SUIT manifest 8.4.9.2",
            holds "an image matches if algorithm, length and value of its digest do, and its size if one is set",
            broken "the image was taken for one with another digest or size";
        SetIfUnset = "P26", "SUIT trust domains 5.6.1",
            holds "set-parameters sets what is not set, override-parameters sets",
            broken "set-parameters replaced a parameter that was set";
        ParametersPersist = "P27", "SUIT manifest 6.1",
            holds "parameters are cleared once and persist over sections, failed sequences and dependencies",
            broken "a parameter did not persist";
        DependencyProcessed = "P28", "SUIT trust domains 5.6.2",
            holds "process-dependency is about a component that is listed as a dependency",
            broken "the component is not listed as a dependency";
        DependencyChecked = "P29", "SUIT trust domains 5.6.2",
            holds "dependency-integrity has succeeded on the component before process-dependency, and nothing changed the component since",
            broken "the dependency was not checked by dependency-integrity, or was changed since";
        DependencyIntact = "P30", "SUIT trust domains 5.6.4",
            holds "a dependency has the digest that its dependent states, is signed by a trusted key, and ends the procedure otherwise",
            broken "the dependency has not the digest that its dependent states, or is not signed by a trusted key";
        DependencySections = "P31", "SUIT trust domains 5.1",
            holds "at the end of a section, that section of each dependency that was read has been processed",
            broken "a dependency has such a section too, and it was not processed";
        ReferenceCounted = "P32", "SUIT trust domains 5.6.5",
            holds "nothing changes a component that others refer to",
            broken "others refer to the component that the command would change";
        UnlinkOnce = "P33", "SUIT trust domains 5.6.5",
            holds "a manifest lowers the count of references to a component once",
            broken "the manifest lowered the count of references to a component twice";
        DependencyUsable = "P35", "SUIT manifest 6.1",
            holds "what is to be run of a dependency is looked at like the manifest itself, before anything of it is done",
            broken "the dependency has a command, parameter or component that is not known here, or is not of the form that the specification gives it";
        BoundedProcessing = "P34", "this project",
            holds "components, nesting and steps of a procedure are bounded",
            broken "the procedure runs more commands, or longer ones, than the limit of steps";
        ArenaRoom = "P39", "this project",
            holds "the envelope of a dependency is read into the arena that the processor was lent",
            broken "the envelope of the dependency is larger than what is left of the arena of the processor";
        DependencyRoom = "P40", "this project",
            holds "components, sequences and manifests below the root are bounded as its own are",
            broken "the dependency has more components, or more sequences or dependencies inside of each other, than the processor has room for";
        ReportForm = "R1", "SUIT report 4",
            holds "a report is a map with a reference, a list of records and a result, each of its type",
            broken "the report, or a member of it, is not of the type that the specification gives it";
        ReferenceForm = "R2", "SUIT report 4",
            holds "the reference of a report is an array of exactly the URI and the digest of the manifest",
            broken "the reference of the report is no array of exactly a URI and a digest";
        ReferenceMatches = "R3", "SUIT report 4",
            holds "the reference of a report has the digest of the manifest's wrapper and the manifest's own reference URI",
            broken "the report is about another manifest, or names it by another URI";
        RecordForm = "R4", "SUIT report 3",
            holds "a record is an array of manifest, section, offset, component index and properties",
            broken "this is no record: an array of manifest, section, offset, component index and properties";
        PropertiesForm = "R5", "SUIT report 4.1",
            holds "measured properties are parameters of their types; those of a system stand beside one component identifier",
            broken "the measured properties are no parameters of their types, or stand beside no component identifier";
        ResultForm = "R6", "SUIT report 4.2",
            holds "the result of a report is true, or a code, a record and a reason",
            broken "the result of the report is neither true nor a code, a record and a reason";
        CapabilityForm = "R7", "SUIT report 6",
            holds "a capability report lists components, commands, parameters and algorithms, and numbers under each other key",
            broken "the capability report lacks components, commands, parameters or algorithms, or has no list of numbers under a key";
        ReportContainer = "R8", "SUIT report 8",
            holds "a report is protected by a COSE_Sign1 or a COSE_Mac0 that carries it",
            broken "the container of the report is no COSE_Sign1 or COSE_Mac0 that carries it";
        RecordDue = "R9", "SUIT manifest 8.4.7",
            holds "a command is recorded where its reporting policy asks for it, and what ended a procedure always",
            broken "a command was recorded that nobody asked for, or was not recorded";
        StoreSealed = "K1", "this project",
            holds "what a device keeps of its manifests counts only under the seal that the device put on it",
            broken "the record has not the seal or the form that the device gives to its records";
        LatestSelected = "K2", "SUIT manifest 6.1",
            holds "of several manifests of one name, the latest valid authentic one is selected, and none below the committed number",
            broken "another manifest than the latest valid authentic one was selected";
        SlotShared = "K3", "SUIT trust domains 5.2.1",
            holds "manifests are kept by their manifest-component-id, those without one in one place",
            broken "manifests of different names share a place";
        ReferencesPersist = "K4", "SUIT trust domains 5.6.5",
            holds "counts of references survive restarts, and a manifest lowers each of them once",
            broken "a count of references was lost, or lowered twice by one manifest";
        UninstallFirst = "K5", "SUIT trust domains 6",
            holds "the uninstall section of a manifest runs before the manifest is removed",
            broken "a manifest was removed and its uninstall section had not run";
        AccessGranted = "P37", "SUIT manifest 9",
            holds "a manifest does to a component only what the device grants to its signer",
            broken "the device does not grant this to the signer of the manifest";
        ManifestUnchanged = "P38", "SUIT manifest 6.3.1, REQ.SEC.MFST.CONST",
            holds "where it is asked for, the manifest is hashed again before each section, and a change ends the procedure",
            broken "the manifest has changed since it was verified";
        DependencyNumber = "P36", "SUIT trust domains 5.2.1",
            holds "the sequence number of a dependency is not lower than the one that is stored under its component",
            broken "the sequence number of the dependency is lower than the stored one";
    }
}
