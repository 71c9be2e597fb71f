//! Throws damaged files at the readers of what comes from outside: site files, signal logs, tracks,
//! evidence packages.
//!
//! `mutate` damages a file, `targets` says for each reader what must hold whatever it is given,
//! `run` looks for an input that breaks it. An input that makes a reader say something new is kept
//! and damaged further, so the search goes where the code goes without instrumenting it, on the
//! stable compiler. The short form runs with the tests; `make fuzz` runs as long as asked.
//!
//! Deliberately absent: coverage instrumentation (it needs a nightly compiler), anything the program
//! links.

pub mod chance;
pub mod mutate;
pub mod run;
pub mod targets;
