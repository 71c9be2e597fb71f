//! What can go wrong with Kafka, with its cause and a hint.

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::topic::Topic;

/// Why Kafka could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KafkaFault {
    /// No broker answers.
    #[error(
        "{place} cannot be reached while {doing}: {cause}\n  hint: check host and port, and that the \
         broker runs; a broker with TLS does not answer a client without"
    )]
    Unreachable {
        /// The brokers.
        place: String,
        /// What was tried.
        doing: String,
        /// What librdkafka said.
        cause: String,
    },
    /// Name or password are wrong.
    #[error(
        "{place} refuses the sign-in: {cause}\n  hint: check sasl.mechanism, sasl.username and the password \
         (WAYSIDE_KAFKA_PASSWORD or --kafka-password-file)"
    )]
    Authentication {
        /// The brokers.
        place: String,
        /// What the broker said.
        cause: String,
    },
    /// A certificate is not accepted, here or there.
    #[error(
        "{place}: no TLS connection: {cause}\n  hint: ssl.ca.location must hold the authority of the brokers' \
         certificate; brokers that ask for a client's want ssl.certificate.location and ssl.key.location"
    )]
    Tls {
        /// The brokers.
        place: String,
        /// What OpenSSL said.
        cause: String,
    },
    /// The user may not do it.
    #[error(
        "{place} does not allow {doing}: {cause}\n  hint: the user needs an ACL for it; docs/kafka.md lists them"
    )]
    NotAllowed {
        /// The brokers.
        place: String,
        /// What was tried.
        doing: String,
        /// What the broker said.
        cause: String,
    },
    /// The topic is not there.
    #[error("{place} has no topic {topic}\n  hint: `wayside topics apply` makes the topics")]
    NoTopic {
        /// The brokers.
        place: String,
        /// Its name there.
        topic: String,
    },
    /// The broker refuses a record for its size.
    #[error(
        "{place} refuses a record of {topic} ({bytes} bytes): it is larger than the topic allows; nothing \
         else is affected\n  hint: `wayside topics apply` sets max.message.bytes"
    )]
    TooLarge {
        /// The brokers.
        place: String,
        /// The topic.
        topic: Topic,
        /// Bytes of key and value.
        bytes: usize,
    },
    /// It took too long.
    #[error(
        "{place} did not finish {doing} in {waited_ms} ms: {cause}\n  hint: look after the brokers and the \
         network; what was not acknowledged may or may not be stored"
    )]
    TimedOut {
        /// The brokers.
        place: String,
        /// What was tried.
        doing: String,
        /// How long was waited.
        waited_ms: u64,
        /// What librdkafka said.
        cause: String,
    },
    /// The brokers cannot keep up; nothing of the batch was handed over.
    #[error(
        "{place} cannot keep up: {records} records ({bytes} bytes) are waiting, and there was no room for \
         {waited_ms} ms\n  hint: the brokers are away or too slow, or the cameras are too many"
    )]
    Full {
        /// The brokers.
        place: String,
        /// Records that wait.
        records: usize,
        /// Bytes that wait.
        bytes: usize,
        /// How long there was no room.
        waited_ms: u64,
    },
    /// The properties make no client.
    #[error(
        "the Kafka client cannot be made: {cause}\n  hint: check the properties and the files that they name"
    )]
    Client {
        /// What librdkafka said.
        cause: String,
    },
    /// A property that cannot be set.
    #[error("{key} {why}")]
    Property {
        /// The property.
        key: String,
        /// What is wrong, and a hint.
        why: String,
    },
    /// A line of a file of properties.
    #[error("line {number}: {why}")]
    Line {
        /// From 1.
        number: usize,
        /// What is wrong, and a hint.
        why: String,
    },
    /// Anything else.
    #[error("{place} failed while {doing}: {cause}\n  hint: look after the brokers' log")]
    Other {
        /// The brokers.
        place: String,
        /// What was tried.
        doing: String,
        /// What librdkafka said.
        cause: String,
    },
}

/// Whether it passes by itself: librdkafka goes on trying, and so should we.
pub(super) fn is_transient(code: Code) -> bool {
    matches!(
        code,
        Code::BrokerTransportFailure
            | Code::AllBrokersDown
            | Code::Resolve
            | Code::OperationTimedOut
            | Code::TimedOutQueue
            | Code::MessageTimedOut
            | Code::RequestTimedOut
            | Code::WaitingForCoordinator
            | Code::CoordinatorLoadInProgress
            | Code::CoordinatorNotAvailable
            | Code::NotCoordinator
            | Code::LeaderNotAvailable
            | Code::NotLeaderForPartition
            | Code::BrokerNotAvailable
            | Code::ReplicaNotAvailable
            | Code::NetworkException
            | Code::NotEnoughReplicas
            | Code::NotEnoughReplicasAfterAppend
            | Code::ConcurrentTransactions
            | Code::UnstableOffsetCommit
            | Code::OffsetNotAvailable
            | Code::RebalanceInProgress
            | Code::InProgress
            | Code::PreviousInProgress
            | Code::Retry
            | Code::WaitCache
            | Code::DestroyBroker
            | Code::BrokerDestroy
            | Code::FencedLeaderEpoch
            | Code::UnknownLeaderEpoch
            | Code::KafkaStorageError
            | Code::PollExceeded
            | Code::UnknownBroker
    )
}

/// Whether it says that a producer has lost count, or its name was taken over. A new one goes on.
pub(super) fn is_spent_producer(code: Code) -> bool {
    matches!(
        code,
        Code::OutOfOrderSequenceNumber
            | Code::DuplicateSequenceNumber
            | Code::UnknownProducerId
            | Code::InvalidProducerEpoch
            | Code::InvalidProducerIdMapping
            | Code::InvalidTransactionalState
            | Code::ProducerFenced
            | Code::Fenced
            | Code::Fatal
            | Code::State
            | Code::Inconsistent
    )
}

/// Whether it says that somebody else goes on where this member was.
pub(super) fn is_stale_member(code: Code) -> bool {
    matches!(
        code,
        Code::IllegalGeneration
            | Code::UnknownMemberId
            | Code::FencedInstanceId
            | Code::AssignmentLost
            | Code::StaleMemberEpoch
            | Code::FencedMemberEpoch
    )
}

/// In words, from an error of librdkafka; `said` is the newest of what the client said by itself.
pub(super) fn fault(
    place: &str,
    doing: &str,
    error: &KafkaError,
    waited_ms: u64,
    said: Option<(Code, String)>,
) -> KafkaFault {
    let (place, doing) = (place.to_owned(), doing.to_owned());
    match error {
        // What is wrong with a value is told; the value, which may be a secret, is not.
        KafkaError::ClientConfig(_, cause, key, _) => {
            return KafkaFault::Client { cause: format!("{key}: {cause}") };
        }
        KafkaError::ClientCreation(cause) => return KafkaFault::Client { cause: cause.clone() },
        _ => {}
    }
    let Some(code) = error.rdkafka_error_code() else {
        return KafkaFault::Other { place, doing, cause: error.to_string() };
    };
    let (code, cause) = match said {
        Some((told, reason)) if is_transient(code) && !is_transient(told) => (told, reason),
        Some((_, reason)) if is_transient(code) => (code, reason),
        _ => (code, code.to_string()),
    };
    match code {
        Code::Authentication | Code::SaslAuthenticationFailed | Code::UnsupportedSASLMechanism => {
            KafkaFault::Authentication { place, cause }
        }
        Code::SSL => KafkaFault::Tls { place, cause },
        // A broker that does not like our certificate hangs up after the handshake.
        Code::BrokerTransportFailure if cause.contains("SSL routines") => {
            KafkaFault::Tls { place, cause }
        }
        Code::TopicAuthorizationFailed
        | Code::GroupAuthorizationFailed
        | Code::ClusterAuthorizationFailed
        | Code::TransactionalIdAuthorizationFailed => {
            KafkaFault::NotAllowed { place, doing, cause }
        }
        Code::BrokerTransportFailure | Code::AllBrokersDown | Code::Resolve => {
            KafkaFault::Unreachable { place, doing, cause }
        }
        code if is_transient(code) => KafkaFault::TimedOut { place, doing, waited_ms, cause },
        _ => KafkaFault::Other { place, doing, cause },
    }
}
