//! Where the bus is: the embedded log in a folder, or Kafka.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use wayside_bus::{Bus, Log, LogOptions};

use crate::failure::Failure;

/// Arguments of every command that uses the bus.
#[derive(Debug, Clone, Args)]
pub struct BusArgs {
    /// Folder of the durable log; made where it does not exist. Not used with Kafka.
    #[arg(long, value_name = "DIR", default_value = "wayside-data")]
    pub data: PathBuf,
    /// Apache Kafka instead of the embedded log: brokers to ask first, separated by commas.
    #[arg(long, value_name = "HOST:PORT", env = "WAYSIDE_KAFKA")]
    pub kafka: Option<String>,
    /// Further settings of librdkafka, one `key=value` a line: TLS, SASL, time-outs.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_KAFKA_CONFIG", requires = "kafka")]
    pub kafka_config: Option<PathBuf>,
    /// File with the SASL password; or set WAYSIDE_KAFKA_PASSWORD.
    #[arg(long, value_name = "FILE", requires = "kafka")]
    pub kafka_password_file: Option<PathBuf>,
}

impl BusArgs {
    /// Opens the bus as a process of this name, unique in the fleet; made up where absent.
    pub fn open_as(&self, _instance: Option<&str>) -> Result<Arc<dyn Bus>, Failure> {
        self.open()
    }

    /// Opens the bus.
    pub fn open(&self) -> Result<Arc<dyn Bus>, Failure> {
        match &self.kafka {
            None => {
                let log = Log::open(&self.data, LogOptions::default()).map_err(Failure::failed)?;
                Ok(Arc::new(log))
            }
            Some(brokers) => Err(Failure::failed(format!("{brokers}: Kafka is not built in"))),
        }
    }
}
