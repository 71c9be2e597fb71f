//! A bus that is read: an empty folder is not made where there is none.

use std::sync::Arc;

use wayside_bus::Bus;

use super::bus_args::BusArgs;
use crate::failure::Failure;

/// Opens a bus that is there.
///
/// # Errors
/// Where there is none.
pub fn open(args: &BusArgs) -> Result<Arc<dyn Bus>, Failure> {
    if args.kafka.is_none() && !args.data.is_dir() {
        return Err(Failure::input(format!(
            "{} is no folder with a log\n  hint: name the --data folder of `wayside run`, or a broker with --kafka",
            args.data.display()
        )));
    }
    args.open()
}
