//! A day's turnover of passages through both implementations, as fast as they can.
//!
//! `cargo run -p wayside-index --features shim --example turnover [-- short|hour|day] [edge|server]`
//!
//! Ten sections, 10,000 passages alive at a time, vectors of 64 numbers, five minutes until expiry: a
//! passage every 30 ms. Every 30 s of event time what has expired is deleted and the index
//! is maintained. Each line is a moment: passages so far, alive, bytes on disk, memory of this process
//! (with the shim's server in it, for `server`). Then how long a look-up takes, whose section, end and
//! window leave about 200 candidates, while writing rests.

mod turnover;

use std::process::ExitCode;

use turnover::{Scale, Which};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut scale = Scale::HOUR;
    let mut which = vec![Which::Edge, Which::Server];
    for word in &words {
        match word.as_str() {
            "short" => scale = Scale::SHORT,
            "hour" => scale = Scale::HOUR,
            "day" => scale = Scale::DAY,
            "edge" => which = vec![Which::Edge],
            "server" => which = vec![Which::Server],
            other => {
                eprintln!("error: {other:?} is none of short, hour, day, edge, server");
                return ExitCode::from(2);
            }
        }
    }
    for which in which {
        match turnover::run(which, scale, &mut |line| println!("{line}")) {
            Ok(outcome) => println!("{outcome}\n"),
            Err(error) => {
                eprintln!("error: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
