//! A receipt for what others delete.

use wayside_bus::Bus;
use wayside_proto::Deletion;

use crate::chains::Chains;
use crate::error::RetentionError;

/// Appends the next receipt of the chain `what`. To be called before the deletion, so that nothing goes
/// without one; one that is not followed by a deletion is followed by another when it is tried again.
///
/// # Errors
/// Where the bus cannot be read or written.
pub fn receipt(bus: &dyn Bus, what: &str, deletion: Deletion) -> Result<(), RetentionError> {
    let mut chains = Chains::read(bus)?;
    let receipt = chains.next(what, deletion);
    chains.append(bus, &[receipt], what)
}
