//! A real Apache Kafka for tests, with faults.
