//! Verbs that doc comments begin with.

/// The verbs in the third person, as they stand at the beginning of a sentence.
///
/// A list, since no rule tells a verb from a noun in the plural. A new verb is added here.
#[rustfmt::skip]
pub const VERBS: &[&str] = &[
    "Accepts", "Adds", "Advances", "Agrees", "Allows", "Answers", "Appends", "Applies",
    "Appraises", "Asks", "Asserts", "Attaches", "Attests", "Authenticates", "Begins", "Believes",
    "Binds", "Borrows", "Builds", "Calls", "Checks", "Clears", "Closes", "Collects", "Commits",
    "Compares", "Computes", "Confirms", "Consumes", "Converts", "Copies", "Counts", "Creates",
    "Decides", "Decodes", "Decrypts", "Delivers", "Derives", "Describes", "Divides", "Draws",
    "Drives", "Drops", "Encloses", "Encodes", "Encrypts", "Ends", "Enrols", "Enters", "Expects",
    "Explains", "Fetches", "Fills", "Finds", "Finishes", "Fixes", "Follows", "Forgets", "Gathers",
    "Generates", "Gives", "Goes", "Hands", "Hashes", "Holds", "Includes", "Inserts", "Joins",
    "Judges", "Keeps", "Leaves", "Lends", "Lets", "Limits", "Lists", "Loads", "Locks", "Looks",
    "Makes", "Maps", "Marks", "Matches", "Measures", "Merges", "Meters", "Moves", "Names",
    "Offers", "Opens", "Parses", "Passes", "Permits", "Pins", "Points", "Prefers", "Prepares",
    "Prints", "Processes", "Produces", "Proves", "Publishes", "Puts", "Reads", "Receives",
    "Recognises", "Refuses", "Registers", "Rejects", "Releases", "Remembers", "Removes",
    "Replaces", "Replays", "Reports", "Requires", "Reserves", "Resolves", "Restores", "Resumes",
    "Returns", "Reveals", "Rewrites", "Runs", "Says", "Seals", "Searches", "Selects", "Sends",
    "Serves", "Sets", "Shows", "Signs", "Sketches", "Skips", "Sorts", "Spends", "Splits", "Stages",
    "Starts", "States", "Stops", "Stores", "Sums", "Takes", "Tells", "Traces", "Treats", "Tries",
    "Trusts", "Turns", "Updates", "Uses", "Validates", "Verifies", "Vouches", "Waits", "Walks",
    "Wraps", "Writes",
];
