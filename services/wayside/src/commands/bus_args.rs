//! Where the bus is: the embedded log in a folder, or Kafka.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use wayside_bus::{Bus, Kafka, KafkaOptions, Log, LogOptions, Password, kafka_properties};

use crate::failure::Failure;

/// The environment variable that may hold the SASL password.
const PASSWORD: &str = "WAYSIDE_KAFKA_PASSWORD";
/// A file of properties or a password is a few lines.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Arguments of every command that uses the bus.
#[derive(Debug, Clone, Args)]
pub struct BusArgs {
    /// Folder of the durable log; made where it does not exist. Not used with Kafka.
    #[arg(long, value_name = "DIR", default_value = "wayside-data")]
    pub data: PathBuf,
    /// Apache Kafka instead of the embedded log: brokers to ask first, separated by commas.
    #[arg(long, value_name = "HOST:PORT", env = "WAYSIDE_KAFKA")]
    pub kafka: Option<String>,
    /// How Kafka is reached.
    #[command(flatten)]
    pub kafka_args: KafkaArgs,
}

/// Arguments that say how Kafka is reached.
#[derive(Debug, Clone, Default, Args)]
pub struct KafkaArgs {
    /// Further settings of librdkafka, one `key=value` a line: TLS, SASL, time-outs.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_KAFKA_CONFIG", requires = "kafka")]
    pub kafka_config: Option<PathBuf>,
    /// File with the SASL password; or set WAYSIDE_KAFKA_PASSWORD.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_KAFKA_PASSWORD_FILE", requires = "kafka")]
    pub kafka_password_file: Option<PathBuf>,
    /// Put before the names of topics and groups, so that several installations share a cluster.
    #[arg(long, value_name = "TEXT", env = "WAYSIDE_KAFKA_PREFIX", default_value = "")]
    pub kafka_prefix: String,
}

impl BusArgs {
    /// Opens the bus as a process of this name, unique in the fleet; made up where absent.
    pub fn open_as(&self, instance: Option<&str>) -> Result<Arc<dyn Bus>, Failure> {
        match &self.kafka {
            Some(brokers) => {
                let options = self.kafka_args.options(brokers, instance)?;
                Ok(Arc::new(Kafka::connect(options).map_err(Failure::failed)?))
            }
            None => {
                let log = Log::open(&self.data, LogOptions::default()).map_err(Failure::failed)?;
                Ok(Arc::new(log))
            }
        }
    }

    /// Opens the bus.
    pub fn open(&self) -> Result<Arc<dyn Bus>, Failure> {
        self.open_as(None)
    }
}

impl KafkaArgs {
    /// What the arguments, the files and the environment say.
    pub fn options(&self, brokers: &str, instance: Option<&str>) -> Result<KafkaOptions, Failure> {
        let mut options = KafkaOptions::new(brokers);
        check_name("--kafka-prefix", &self.kafka_prefix)?;
        options.prefix.clone_from(&self.kafka_prefix);
        if let Some(instance) = instance {
            check_name("--instance", instance)?;
            options.instance = instance.to_owned();
        }
        if let Some(path) = &self.kafka_config {
            let named = |fault| Failure::input(format!("{}, {fault}", path.display()));
            options.properties = kafka_properties(&small_file(path)?).map_err(named)?;
        }
        options.password = match (&self.kafka_password_file, std::env::var(PASSWORD)) {
            (Some(path), _) => Some(Password::new(small_file(path)?)),
            (None, Ok(password)) => Some(Password::new(password)),
            (None, Err(std::env::VarError::NotPresent)) => None,
            (None, Err(std::env::VarError::NotUnicode(_))) => {
                return Err(Failure::input(format!("{PASSWORD} is no UTF-8 text")));
            }
        };
        Ok(options)
    }
}

/// A part of names on the brokers.
fn check_name(argument: &str, text: &str) -> Result<(), Failure> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if text.len() <= 100 && text.bytes().all(plain) {
        return Ok(());
    }
    Err(Failure::input(format!(
        "{argument} {text:?} cannot be part of a name\n  hint: at most 100 letters, digits, dots, underscores and dashes"
    )))
}

fn small_file(path: &Path) -> Result<String, Failure> {
    let unreadable = |cause: std::io::Error| Failure::unreadable(path, &cause);
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(Failure::input(format!(
            "{} has {bytes} bytes, more than {FILE_BYTES_MAX}\n  hint: is it the right file?",
            path.display()
        )));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("kafka.properties");
        std::fs::write(&path, text).expect("a file");
        let args = KafkaArgs { kafka_config: Some(path), ..KafkaArgs::default() };
        let error = args.options("kafka:9092", None).expect_err("refused");
        format!("{}\n\n", error.to_string().replace(&dir.path().display().to_string(), "DIR"))
    }

    #[test]
    fn properties_that_are_refused() {
        let mut all = said("# TLS\nsecurity.protocol=SASL_SSL\n\nacks=1\n");
        all += &said("sasl.mechanism SCRAM-SHA-512");
        all += &said("sasl.pasword=secret-word\n");
        all += &said("session.timeout.ms=secret-word\n");
        all += &said("socket.timeout.ms=1000\nsocket.timeout.ms=2000\n");
        all += &said("sasl.password=\n");
        let args = KafkaArgs { kafka_prefix: "city one/".to_owned(), ..KafkaArgs::default() };
        all += &args.options("kafka:9092", None).expect_err("refused").to_string();
        assert!(!all.contains("secret-word"), "no value is told");
        insta::assert_snapshot!(all);
    }

    #[test]
    fn what_the_files_say_counts() {
        let dir = tempfile::tempdir().expect("a directory");
        let (config, password) = (dir.path().join("config"), dir.path().join("password"));
        std::fs::write(&config, " ssl.ca.location = /etc/ca.pem \r\n#x\n").expect("a file");
        std::fs::write(&password, "secret-word\n").expect("a file");
        let args = KafkaArgs {
            kafka_config: Some(config),
            kafka_password_file: Some(password),
            kafka_prefix: "north.".to_owned(),
        };
        let options = args.options("a:1,b:2", Some("enforce-0")).expect("options");
        assert_eq!(options.brokers, "a:1,b:2");
        let ca = ("ssl.ca.location".to_owned(), "/etc/ca.pem".to_owned());
        assert_eq!(options.properties, [ca]);
        assert_eq!(options.password, Some(Password::new("secret-word")));
        assert_eq!((options.prefix.as_str(), options.instance.as_str()), ("north.", "enforce-0"));
        assert!(!format!("{options:?} {:?}", options.password).contains("secret-word"));
    }
}
