//! `wayside receipts`: what was deleted, and whether the record of it is whole (PV-2).

use std::collections::BTreeMap;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;
use wayside_bus::{Bus, Partition, Start, Topic};
use wayside_proto::convert::Message;
use wayside_proto::{ChainError, ChainSummary, Receipt, verify_chain};

use super::bus_args::BusArgs;
use crate::failure::{Exit, Failure};

/// Records read at once.
const RECORDS_MAX: usize = 1_000;
/// Bytes read at once.
const BYTES_MAX: usize = 4 << 20;
/// How long records are waited for that are known to be there.
const WAIT: Duration = Duration::from_secs(5);

/// `wayside receipts`.
#[derive(Debug, Subcommand)]
pub enum ReceiptsCommand {
    /// Check that no receipt of a deletion was changed, taken out or put in.
    Verify(ReceiptsArgs),
    /// Print every receipt as a JSON line.
    List(ReceiptsArgs),
}

/// Where the receipts are.
#[derive(Debug, Clone, Args)]
pub struct ReceiptsArgs {
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(command: &ReceiptsCommand) -> Result<Option<Exit>, Failure> {
    match command {
        ReceiptsCommand::Verify(args) => verify(args),
        ReceiptsCommand::List(args) => {
            let bus = args.bus.open()?;
            each(&*bus, |receipt| println!("{}", wayside_proto::json::receipt_line(&receipt)))?;
            Ok(None)
        }
    }
}

fn verify(args: &ReceiptsArgs) -> Result<Option<Exit>, Failure> {
    let bus = args.bus.open()?;
    let mut chains: BTreeMap<String, Vec<Receipt>> = BTreeMap::new();
    let unreadable =
        each(&*bus, |receipt| chains.entry(receipt.what.clone()).or_default().push(receipt))?;
    let checked: Vec<Result<ChainSummary, ChainError>> =
        chains.into_values().map(verify_chain).collect();
    let broken = checked.iter().filter(|chain| chain.is_err()).count() + unreadable.len();
    if args.json {
        println!("{}", as_json(&checked, &unreadable));
    } else {
        print(&checked, &unreadable);
    }
    Ok((broken > 0).then_some(Exit::Failed))
}

/// Hands over every receipt; returns what is wrong with those that cannot be read.
fn each(bus: &dyn Bus, mut take: impl FnMut(Receipt)) -> Result<Vec<String>, Failure> {
    let mut unreadable = Vec::new();
    for number in 0..bus.partitions(Topic::Receipts).map_err(Failure::failed)? {
        let partition = Partition(number);
        let mut reader =
            bus.read_from(Topic::Receipts, partition, Start::Begin).map_err(Failure::failed)?;
        let end = reader.end().map_err(Failure::failed)?;
        while reader.next() < end {
            let records = reader.read(RECORDS_MAX, BYTES_MAX, WAIT).map_err(Failure::failed)?;
            if records.is_empty() && reader.next() < end {
                return Err(Failure::failed(format!("{}: receipts do not come", bus.place())));
            }
            for stored in records {
                match Receipt::from_bytes(&stored.value) {
                    Ok(receipt) => take(receipt),
                    Err(error) => {
                        unreadable.push(format!("record {partition}/{}: {error}", stored.offset));
                    }
                }
            }
        }
    }
    Ok(unreadable)
}

fn print(checked: &[Result<ChainSummary, ChainError>], unreadable: &[String]) {
    if checked.is_empty() && unreadable.is_empty() {
        println!("There are no receipts: nothing was deleted yet.");
    }
    for chain in checked {
        match chain {
            Ok(chain) => {
                let ChainSummary { what, receipts, deleted, first, when, .. } = chain;
                let span = when.map_or(String::new(), |(from, to)| format!(", {from} to {to}"));
                let older = if *first > 0 {
                    format!("; those before number {first} are not kept any more")
                } else {
                    String::new()
                };
                println!("whole   {what}: {receipts} receipts for {deleted} deleted{span}{older}");
            }
            Err(error) => println!("BROKEN  {error}"),
        }
    }
    unreadable.iter().for_each(|why| println!("BROKEN  {why}"));
}

fn as_json(checked: &[Result<ChainSummary, ChainError>], unreadable: &[String]) -> String {
    let chains: Vec<_> = checked
        .iter()
        .filter_map(|chain| chain.as_ref().ok())
        .map(|chain| {
            json!({
                "what": chain.what,
                "receipts": chain.receipts,
                "deleted": chain.deleted,
                "first": chain.first,
                "last_hash": chain.last_hash.to_string(),
            })
        })
        .collect();
    let broken: Vec<String> = checked
        .iter()
        .filter_map(|chain| chain.as_ref().err().map(ToString::to_string))
        .chain(unreadable.iter().cloned())
        .collect();
    json!({ "chains": chains, "broken": broken }).to_string()
}
