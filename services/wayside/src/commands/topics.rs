//! `wayside topics`.

use std::io::{IsTerminal, Write};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use wayside_bus::{Kafka, PARTITIONS_DEFAULT, PARTITIONS_MAX, TopicState};

use super::bus_args::KafkaArgs;
use crate::failure::{Exit, Failure};

const APPLY_CODES: &str = "Partitions are added only while nothing publishes or consumes: keys move. The number of \
partitions is never made smaller, and replicas are not moved; both are told.

Exit codes: 0 the topics are as planned; 1 the brokers could not be asked, or refused; 2 the command line is wrong; \
3 a file of settings was refused; 4 some of it cannot be changed, the rest is as planned; 5 something differs and \
nothing was changed (--dry-run, or the answer was no).";

const SHOW_CODES: &str = "Exit codes: 0 the topics are as planned; 1 the brokers could not be asked; 3 a file of \
settings was refused; 5 something differs.";

/// `wayside topics`.
#[derive(Debug, Clone, Subcommand)]
pub enum TopicsCommand {
    /// Make Wayside's topics on Kafka as they should be. What would change is shown first.
    #[command(after_help = APPLY_CODES)]
    Apply(ApplyArgs),
    /// Show Wayside's topics on Kafka, and where they differ from the plan.
    #[command(after_help = SHOW_CODES)]
    Show(PlanArgs),
}

/// The plan, and where it is to be.
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// Partitions of the topics that are shared between consumers: an upper bound of the processes that share
    /// the work. What there is stays where absent, else 12.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(PARTITIONS_MAX)))]
    pub partitions: Option<u32>,
    /// Replicas of each partition; as many as there are brokers, at most 3, where absent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=15))]
    pub replication: Option<u16>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Apache Kafka: brokers to ask first, separated by commas. The embedded log needs no topics.
    #[arg(long, value_name = "HOST:PORT", env = "WAYSIDE_KAFKA")]
    pub kafka: String,
    /// How it is reached.
    #[command(flatten)]
    pub kafka_args: KafkaArgs,
}

/// `wayside topics apply`.
#[derive(Debug, Clone, Args)]
pub struct ApplyArgs {
    /// Do it without asking.
    #[arg(long)]
    pub yes: bool,
    /// Show what would change, and change nothing.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// The plan.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// Compares, and changes what was asked for.
pub fn run(command: &TopicsCommand) -> Result<Option<Exit>, Failure> {
    match command {
        TopicsCommand::Show(args) => {
            let (_, states) = compare(args)?;
            tell(args, &states, false)?;
            Ok(differ(&states).then_some(Exit::Differs))
        }
        TopicsCommand::Apply(args) => apply(args),
    }
}

fn apply(args: &ApplyArgs) -> Result<Option<Exit>, Failure> {
    let (kafka, states) = compare(&args.plan)?;
    let possible = states.iter().flat_map(TopicState::changes).any(|change| change.is_possible());
    if !args.plan.json {
        tell(&args.plan, &states, false)?;
    }
    let go = possible && !args.dry_run && (args.yes || asked()?);
    if possible && !go {
        if args.plan.json {
            tell(&args.plan, &states, false)?;
        }
        return Ok(Some(Exit::Differs));
    }
    if go {
        kafka.apply_topics(&states).map_err(Failure::failed)?;
    }
    let after = compare_again(&kafka, &args.plan)?;
    if args.plan.json {
        tell(&args.plan, &states, go)?;
    } else if go {
        println!("done");
    }
    Ok(differ(&after).then_some(Exit::Partial))
}

fn compare(args: &PlanArgs) -> Result<(Kafka, Vec<TopicState>), Failure> {
    let options = args.kafka_args.options(&args.kafka, None)?;
    let kafka = Kafka::connect(options).map_err(Failure::failed)?;
    let states = compare_again(&kafka, args)?;
    Ok((kafka, states))
}

fn compare_again(kafka: &Kafka, args: &PlanArgs) -> Result<Vec<TopicState>, Failure> {
    let partitions = match args.partitions {
        Some(partitions) => partitions,
        None => kafka.shared_partitions().map_err(Failure::failed)?.unwrap_or(PARTITIONS_DEFAULT),
    };
    kafka.topics(partitions, args.replication).map_err(Failure::failed)
}

fn differ(states: &[TopicState]) -> bool {
    states.iter().any(|state| !state.changes().is_empty())
}

fn tell(args: &PlanArgs, states: &[TopicState], applied: bool) -> Result<(), Failure> {
    let text = if args.json { as_json(states, applied).to_string() } else { as_text(states) };
    writeln!(std::io::stdout(), "{}", text.trim_end())
        .map_err(|error| Failure::failed(format!("standard output: {error}")))
}

/// One topic a paragraph; what is as planned takes one line.
fn as_text(states: &[TopicState]) -> String {
    let mut text = String::new();
    for state in states {
        let changes = state.changes();
        let settings = state.plan.settings.iter().map(|(key, value)| format!("{key}={value}"));
        let partitions = state.plan.partitions;
        let named = if partitions == 1 { "partition" } else { "partitions" };
        if state.found.is_none() {
            let replicas = if state.replication == 1 { "replica" } else { "replicas" };
            text += &format!(
                "+ {}: create, {partitions} {named}, {} {replicas}\n",
                state.name, state.replication
            );
            settings.for_each(|setting| text += &format!("    {setting}\n"));
            continue;
        }
        if changes.is_empty() {
            text += &format!("= {}: as planned, {partitions} {named}\n", state.name);
            continue;
        }
        let mark =
            if changes.iter().any(wayside_bus::TopicChange::is_possible) { '~' } else { '!' };
        text += &format!("{mark} {}:\n", state.name);
        changes.iter().for_each(|change| text += &format!("    {change}\n"));
    }
    text
}

fn as_json(states: &[TopicState], applied: bool) -> Value {
    let of = |state: &TopicState| {
        let settings: serde_json::Map<String, Value> = state
            .plan
            .settings
            .iter()
            .map(|(key, value)| ((*key).to_owned(), json!(value)))
            .collect();
        json!({
            "topic": state.name,
            "exists": state.found.is_some(),
            "partitions": state.plan.partitions,
            "replication": state.replication,
            "settings": settings,
            "changes": state.changes().iter().map(|change| json!({
                "what": change.to_string(),
                "possible": change.is_possible(),
            })).collect::<Vec<_>>(),
        })
    };
    json!({ "topics": states.iter().map(of).collect::<Vec<_>>(), "applied": applied })
}

/// Asks whoever sits there; in a pipe the answer is no.
fn asked() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        eprintln!("nothing was changed; --yes does it");
        return Ok(false);
    }
    eprint!("Change the topics? [y/N] ");
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.map_err(|error| Failure::failed(format!("no answer: {error}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
