//! `wayside keys`: makes, lists and rotates the keys that sign evidence packages.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Subcommand};
use serde_json::json;
use wayside_package::SigningKey;
use wayside_package::keys::RingKey;
use wayside_proto::EventTime;

use crate::failure::Failure;
use crate::keys::{self, Folder};

/// `wayside keys`.
#[derive(Debug, Clone, Subcommand)]
pub enum KeysCommand {
    /// Make a key (Ed25519) in a folder that has none yet; it signs from then on.
    New(NewArgs),
    /// List the keys of a folder.
    List(ListArgs),
    /// Print the public half of a key, to publish or to give to whoever verifies.
    Public {
        /// A private or public key (PEM), or a folder of keys: the active one.
        #[arg(value_name = "FILE|DIR")]
        key: PathBuf,
    },
    /// Make a new key that signs from then on, and retire the one before it.
    #[command(after_help = ROTATE)]
    Rotate(RotateArgs),
}

const ROTATE: &str = "A service reads its key when it starts: start it again within the overlap. The public half of \
the retired key stays, and says until when it signed; what it sealed before still verifies. Its private half stays as \
well: delete it once nothing signs with it.";

/// `wayside keys new`.
#[derive(Debug, Clone, Args)]
pub struct NewArgs {
    /// Folder of the keys; made where it does not exist.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Name of the key; made from its id where absent.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// `wayside keys list`.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Folder of the keys.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// `wayside keys rotate`.
#[derive(Debug, Clone, Args)]
pub struct RotateArgs {
    /// Folder of the keys.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Name of the new key; made from its id where absent.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// How long the old key may still sign, hours: services are started again meanwhile.
    #[arg(long, value_name = "H", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(0..=8_760))]
    pub overlap_h: u32,
}

/// Runs the command.
pub fn run(command: &KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::New(args) => new(args),
        KeysCommand::List(args) => list(args),
        KeysCommand::Public { key } => public(key),
        KeysCommand::Rotate(args) => rotate(args),
    }
}

fn new(args: &NewArgs) -> Result<(), Failure> {
    let folder = Folder::at(&args.out);
    if let Some(name) = folder.active()? {
        return Err(Failure::input(format!(
            "{} has an active key already, {name}\n  hint: replace it with `wayside keys rotate {}`",
            args.out.display(),
            args.out.display()
        )));
    }
    let (name, id) = folder.make(args.name.as_deref())?;
    println!("Key {id} ({name}) signs from now on.");
    told(&args.out, &name);
    Ok(())
}

fn told(dir: &Path, name: &str) {
    let dir = dir.display();
    println!("  private: {dir}/{name}.key.pem (keep it secret; only its owner may read it)");
    println!("  public:  {dir}/{name}.pub.pem (publish it: it is what verifying needs)");
}

fn rotate(args: &RotateArgs) -> Result<(), Failure> {
    let folder = Folder::at(&args.dir);
    let Some(old) = folder.active()? else {
        return Err(Failure::input(format!(
            "{} has no active key to rotate\n  hint: make the first with `wayside keys new --out {}`",
            args.dir.display(),
            args.dir.display()
        )));
    };
    let (name, id) = folder.make(args.name.as_deref())?;
    let until = now().plus_s(f64::from(args.overlap_h) * 3600.0);
    folder.retire(&old, until)?;
    println!("Key {id} ({name}) signs from now on; {old} may sign until {until}.");
    told(&args.dir, &name);
    println!(
        "Start services again by then; afterwards delete {}/{old}.key.pem.",
        args.dir.display()
    );
    Ok(())
}

fn now() -> EventTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EventTime(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn list(args: &ListArgs) -> Result<(), Failure> {
    let listed = Folder::at(&args.dir).list()?;
    if args.json {
        let keys: Vec<_> = listed
            .iter()
            .map(|listed| {
                json!({
                    "name": listed.file,
                    "id": listed.key.key.id().as_str(),
                    "active": listed.active,
                    "not_after": listed.key.not_after.map(|time| time.to_string()),
                    "private": listed.private,
                })
            })
            .collect();
        println!("{}", json!({ "keys": keys }));
        return Ok(());
    }
    if listed.is_empty() {
        println!("There are no keys in {}.", args.dir.display());
    }
    for listed in &listed {
        let standing = match (listed.active, listed.key.not_after) {
            (true, None) => "signs".to_owned(),
            (true, Some(until)) => format!("signs until {until}"),
            (false, Some(until)) => format!("retired, signed until {until}"),
            (false, None) => "does not sign".to_owned(),
        };
        let private = if listed.private { "" } else { "; public half only" };
        println!("{}  {}: {standing}{private}", listed.key.key.id(), listed.file);
    }
    Ok(())
}

fn public(path: &Path) -> Result<(), Failure> {
    let file = if path.is_dir() { Folder::at(path).active_key_file()? } else { path.to_owned() };
    let text = keys::text(&file)?;
    let key = match SigningKey::from_pem(&text) {
        Ok(key) => RingKey::new(key.verifying(), ""),
        Err(wayside_package::KeyError::PublicForPrivate) => keys::public(&file)?,
        Err(error) => return Err(Failure::input(format!("{}: {error}", file.display()))),
    };
    let pem = key.key.to_pem().map_err(Failure::failed)?;
    eprintln!("key {}", key.key.id());
    print!("{pem}");
    Ok(())
}
