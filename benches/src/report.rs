//! What benchmarks hand over to the page: lines in a file of each, in the target folder.
//!
//! The first line names the run, so that nothing of another run comes onto the page: it is the
//! process that started the benchmark, which is one for all that `cargo bench` starts.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
};

/// Prints a line, which the page shows under the table of this benchmark.
#[macro_export]
macro_rules! say {
    ($($text:tt)*) => {{
        let text = format!($($text)*);
        println!("{text}");
        $crate::report::Report::of(env!("CARGO_CRATE_NAME"), env!("CARGO_TARGET_TMPDIR")).text(&text);
    }};
}

/// Returns the [`Report`](crate::report::Report) of this benchmark.
#[macro_export]
macro_rules! report {
    () => {
        $crate::report::Report::of(env!("CARGO_CRATE_NAME"), env!("CARGO_TARGET_TMPDIR"))
    };
}

/// What this process hands over.
pub struct Report(Mutex<File>);

impl Report {
    /// Returns the report of the benchmark `name`, which begins with the first call.
    ///
    /// # Panics
    /// If the folder cannot be written to.
    pub fn of(name: &str, folder: &str) -> &'static Self {
        static REPORT: OnceLock<Report> = OnceLock::new();
        REPORT.get_or_init(|| {
            let path = path(name, folder);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let mut file = File::create(path).expect("a file");
            writeln!(file, "run\t{}", run()).expect("written");
            Self(Mutex::new(file))
        })
    }

    /// Hands over a line of text.
    pub fn text(&self, text: &str) {
        self.line(&["text", text]);
    }

    /// Hands over how long a piece of work takes, in nanoseconds.
    pub fn time(&self, what: &str, by: &str, nanoseconds: f64) {
        self.line(&["time", what, by, &nanoseconds.to_string()]);
    }

    /// Hands over what a piece of work takes from the heap: how often, and the most bytes at once.
    pub fn heap(&self, what: &str, by: &str, allocations: usize, peak: usize) {
        self.line(&["heap", what, by, &allocations.to_string(), &peak.to_string()]);
    }

    fn line(&self, fields: &[&str]) {
        let mut file = self.0.lock().expect("nobody panicked here");
        writeln!(file, "{}", fields.join("\t")).expect("written");
    }
}

/// Returns the file of a benchmark.
pub fn path(name: &str, folder: &str) -> PathBuf {
    Path::new(folder).join("page").join(name)
}

/// Returns what names a run: the process that started this one.
pub fn run() -> u32 {
    #[cfg(unix)]
    return std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    return 0;
}
