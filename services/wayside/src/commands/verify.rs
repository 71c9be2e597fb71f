//! `wayside verify`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::ModelArgs;
use crate::failure::{Exit, Failure};
use crate::{keys, verify};

/// `wayside verify`.
#[derive(Debug, Clone, Args)]
#[command(after_help = CODES)]
pub struct VerifyArgs {
    /// Evidence packages. Of several of one site the chain between them is checked, in any order.
    #[arg(value_name = "PACKAGE", required = true)]
    pub packages: Vec<PathBuf>,
    /// Public key of whoever may have sealed them (PEM), or a folder of such keys; may be given more than
    /// once. Without it a package is checked against the key that it names itself.
    #[arg(long, value_name = "FILE|DIR")]
    pub key: Vec<PathBuf>,
    /// Judge the observations inside anew, and look at the clip with the models at hand.
    #[arg(long)]
    pub replay: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Models, for --replay.
    #[command(flatten)]
    pub models: ModelArgs,
}

const CODES: &str = "It needs no network, no service and no clock. Each line begins with ✓ (holds), ✗ (does not hold) or ? \
(not shown). Without --key nobody vouches for the key that a package names, so its signer is not shown. With --replay the \
rules run over the observations inside and must give the very same violation. The look at the clip is independent: what it \
does not find again is not shown, and changes no exit code.

Exit codes: 0 everything holds; 1 failed; 2 the command line is wrong; 3 a file cannot be read, or is no public key; 4 \
nothing is wrong, but something was not shown; 5 something does not hold.";

/// Verifies, tells the user, and returns the exit code where it is not 0.
pub fn run(args: &VerifyArgs) -> Result<Option<Exit>, Failure> {
    let ring = keys::ring(&args.key)?;
    let verified = verify::files(&args.packages, &ring, args.replay.then_some(&args.models))?;
    if args.json {
        println!("{}", verify::object(&verified));
    } else {
        print!("{}", verify::text(&verified));
    }
    Ok(verified.exit())
}
