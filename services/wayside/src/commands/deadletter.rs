//! `wayside deadletter list|show|requeue`.

use clap::{Args, Subcommand};
use wayside_bus::Topic;
use wayside_proto::EventTime;

use super::bus_args::BusArgs;
use super::stored_bus;
use crate::deadletter::read::{Wanted, groups, letter, letters, origin};
use crate::deadletter::requeue::{Became, Done, requeue};
use crate::deadletter::{Place, object, text};
use crate::failure::{Exit, Failure};

/// `wayside deadletter`.
#[derive(Debug, Clone, Subcommand)]
pub enum DeadletterCommand {
    /// List what could not be read, and why.
    List(ListArgs),
    /// Show one letter: the record's bytes, and what this version makes of them.
    Show(ShowArgs),
    /// Put records back into their topics, where this version can read them.
    #[command(after_help = REQUEUE_CODES)]
    Requeue(RequeueArgs),
}

const REQUEUE_CODES: &str = "A record is put back with its key and time; what reads the topic sees it as a new record at \
the end. A letter that was put back once is not put back again. Records of wayside.passages.v1 are not kept: they \
expire within minutes.

Exit codes: 0 every letter that was asked for is put back; 1 failed; 2 the command line is wrong; 3 an input was \
refused; 4 some were left.";

/// `wayside deadletter list`.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Letters of this topic only, for example wayside.observations.v1.
    #[arg(long, value_name = "TOPIC", value_parser = topic)]
    pub topic: Option<Topic>,
    /// Letters of records from this instant on only, for example 2026-06-01T07:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = EventTime::parse)]
    pub since: Option<EventTime>,
    /// Most letters that are listed, the newest.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
}

/// `wayside deadletter show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// The letter, as the list names it: 17, or 3/17.
    #[arg(value_name = "LETTER", value_parser = Place::parse)]
    pub letter: Place,
    /// Most bytes of the record that are shown.
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub bytes: usize,
    /// Print one JSON object, with all bytes that the letter has.
    #[arg(long)]
    pub json: bool,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
}

/// `wayside deadletter requeue`.
#[derive(Debug, Clone, Args)]
pub struct RequeueArgs {
    /// Letters, as the list names them: 17, or 3/17.
    #[arg(value_name = "LETTER", value_parser = Place::parse, required_unless_present = "all",
          conflicts_with = "all")]
    pub letters: Vec<Place>,
    /// All letters.
    #[arg(long)]
    pub all: bool,
    /// With --all: of this topic only.
    #[arg(long, value_name = "TOPIC", value_parser = topic, requires = "all")]
    pub topic: Option<Topic>,
    /// Put back also what this version cannot read, for another that can.
    #[arg(long)]
    pub force: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Where the bus is.
    #[command(flatten)]
    pub bus: BusArgs,
}

fn topic(name: &str) -> Result<Topic, String> {
    Topic::parse(name).or_else(|| Topic::parse(&format!("wayside.{name}.v1"))).ok_or_else(|| {
        let names: Vec<&str> = Topic::ALL.iter().map(|topic| topic.name()).collect();
        format!("there is no such topic; there are {}", names.join(", "))
    })
}

/// Runs the command.
pub fn run(command: &DeadletterCommand) -> Result<Option<Exit>, Failure> {
    match command {
        DeadletterCommand::List(args) => list(args).map(|()| None),
        DeadletterCommand::Show(args) => show(args).map(|()| None),
        DeadletterCommand::Requeue(args) => put_back(args),
    }
}

fn list(args: &ListArgs) -> Result<(), Failure> {
    let bus = stored_bus::open(&args.bus)?;
    let wanted = Wanted { topic: args.topic, since: args.since };
    let found = letters(bus.as_ref(), &wanted)?;
    let groups = groups(&found.entries);
    if args.json {
        println!("{}", object::list(&found.entries, &groups, found.left_out, args.limit));
    } else {
        let place = bus.place();
        print!("{}", text::list(&place, &found.entries, &groups, found.left_out, args.limit));
    }
    Ok(())
}

fn show(args: &ShowArgs) -> Result<(), Failure> {
    let bus = stored_bus::open(&args.bus)?;
    let entry = letter(bus.as_ref(), args.letter)?;
    let all = letters(bus.as_ref(), &Wanted::default())?;
    let requeued = all.entries.iter().any(|known| known.place == entry.place && known.requeued);
    if args.json {
        println!("{}", object::show(&entry, requeued));
    } else {
        print!("{}", text::show(&entry, requeued, args.bytes));
    }
    Ok(())
}

fn put_back(args: &RequeueArgs) -> Result<Option<Exit>, Failure> {
    let bus = stored_bus::open(&args.bus)?;
    let known = letters(bus.as_ref(), &Wanted { topic: args.topic, since: None })?;
    let places: Vec<Place> = if args.all {
        known.entries.iter().filter(|entry| !entry.requeued).map(|entry| entry.place).collect()
    } else {
        args.letters.clone()
    };
    let mut requeued: std::collections::BTreeSet<_> = known
        .entries
        .iter()
        .filter(|entry| entry.requeued)
        .filter_map(|entry| entry.letter.as_ref().ok().map(origin))
        .collect();
    let mut done: Vec<Done> = Vec::new();
    for place in places {
        let entry = letter(bus.as_ref(), place)?;
        // Two consumers may have written a letter each about one record.
        let of = entry.letter.as_ref().ok().map(origin);
        let before = of.as_ref().is_some_and(|of| requeued.contains(of));
        let one = requeue(bus.as_ref(), &entry, before, args.force)?;
        if matches!(one.became, Became::Requeued(_)) {
            requeued.extend(of);
        }
        done.push(one);
    }
    if args.json {
        println!("{}", object::requeue(&done));
    } else {
        print!("{}", text::requeue(&done));
    }
    let left = done.iter().any(|done| matches!(done.became, Became::Left(_)));
    Ok(left.then_some(Exit::Partial))
}
