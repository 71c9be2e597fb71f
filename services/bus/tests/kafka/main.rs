//! Kafka keeps the contract of a bus, and goes on where brokers do not. Against a real Apache Kafka, but for
//! faults of single requests, which librdkafka's mock cluster has.

#[path = "../common/mod.rs"]
mod common;
#[path = "../contract/mod.rs"]
mod contract;
mod faults;
mod fencing;
mod mock;
mod secure;
mod topics;
mod world;

contract::contract_suite!(crate::world::Cluster);
