//! librdkafka against the real broker: plaintext, SASL over TLS, mutual TLS, and what is refused.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use wayside_broker::{Broker, BrokerOptions, User, skip};

const PATIENCE: Duration = Duration::from_secs(180);
/// How long a broker that refuses is asked again and again.
const REFUSED: Duration = Duration::from_secs(5);

/// One broker with all listeners; topics appear when they are written to.
fn broker() -> &'static Broker {
    static BROKER: OnceLock<Broker> = OnceLock::new();
    BROKER.get_or_init(|| {
        let properties = vec![("auto.create.topics.enable".to_owned(), "true".to_owned())];
        Broker::start(BrokerOptions { properties, ..BrokerOptions::secured() })
            .unwrap_or_else(|error| panic!("{error}"))
    })
}

fn plaintext() -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", broker().bootstrap());
    config
}

fn configured(bootstrap: Option<&str>, properties: Option<String>) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap.expect("it listens"));
    for line in properties.expect("it listens").lines() {
        let (name, value) = line.split_once('=').expect("name=value");
        config.set(name, value);
    }
    config
}

fn sasl(mechanism: &str, password: &str) -> ClientConfig {
    let properties = broker().sasl_properties(&User::new("wayside", password));
    let mut config = configured(broker().sasl_bootstrap(), properties);
    config.set("sasl.mechanism", mechanism);
    config
}

fn mutual_tls() -> ClientConfig {
    configured(broker().tls_bootstrap(), broker().tls_properties())
}

fn produce(config: &ClientConfig, topic: &str, text: &str) -> Result<(), KafkaError> {
    let mut config = config.clone();
    let producer: BaseProducer =
        config.set("acks", "all").set("message.timeout.ms", "170000").create()?;
    producer
        .send(BaseRecord::to(topic).key("site/camera").payload(text))
        .map_err(|(error, _)| error)?;
    producer.flush(PATIENCE)
}

/// The first record of a topic, through a consumer group.
fn first(config: &ClientConfig, topic: &str) -> String {
    let mut config = config.clone();
    let consumer: BaseConsumer = config
        .set("group.id", format!("{topic}-readers"))
        .set("auto.offset.reset", "earliest")
        .create()
        .expect("a consumer");
    consumer.subscribe(&[topic]).expect("subscribed");
    let begin = Instant::now();
    let mut said = String::new();
    while begin.elapsed() < PATIENCE {
        match consumer.poll(Duration::from_millis(200)) {
            Some(Ok(record)) => {
                let text = record.payload().map(String::from_utf8_lossy);
                return text.map(std::borrow::Cow::into_owned).unwrap_or_default();
            }
            Some(Err(error)) => said = error.to_string(),
            None => {}
        }
    }
    panic!("nothing came from {topic}: {said}");
}

fn metadata(config: &ClientConfig, wait: Duration) -> Result<usize, KafkaError> {
    let consumer: BaseConsumer = config.create()?;
    let found = consumer.fetch_metadata(None, wait)?;
    Ok(found.brokers().len())
}

#[test]
fn a_record_goes_through_each_listener() {
    if skip() {
        return;
    }
    let ways = [
        ("plaintext", plaintext()),
        ("scram", sasl("SCRAM-SHA-512", "only-for-tests")),
        ("plain", sasl("PLAIN", "only-for-tests")),
        ("mutual-tls", mutual_tls()),
    ];
    for (name, config) in &ways {
        let topic = format!("through-{name}");
        let begin = Instant::now();
        produce(config, &topic, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let produced = begin.elapsed();
        assert_eq!(first(config, &topic), *name);
        eprintln!(
            "{name}: acknowledged after {produced:.1?}, read back after {:.1?}",
            begin.elapsed()
        );
    }
}

#[test]
fn strangers_are_refused() {
    if skip() {
        return;
    }
    let taken =
        |config: &ClientConfig| metadata(config, PATIENCE).is_ok_and(|brokers| brokers == 1);
    let refused = |config: &ClientConfig| metadata(config, REFUSED).is_err();
    assert!(taken(&sasl("SCRAM-SHA-512", "only-for-tests")));
    assert!(refused(&sasl("SCRAM-SHA-512", "wrong")), "wrong password, SCRAM");
    assert!(refused(&sasl("PLAIN", "wrong")), "wrong password, PLAIN");
    assert!(taken(&mutual_tls()));
    let files = broker().certificates().expect("TLS");
    let mut anonymous = ClientConfig::new();
    anonymous
        .set("bootstrap.servers", broker().tls_bootstrap().expect("it listens"))
        .set("security.protocol", "SSL")
        .set("ssl.ca.location", files.ca_file.display().to_string());
    assert!(refused(&anonymous), "no client certificate");
    let mut distrustful = sasl("SCRAM-SHA-512", "only-for-tests");
    distrustful.set("ssl.ca.location", files.client_certificate_file.display().to_string());
    assert!(refused(&distrustful), "another authority");
}

#[test]
fn what_was_acknowledged_survives_a_kill_and_a_pause() {
    if skip() {
        return;
    }
    let properties = vec![("auto.create.topics.enable".to_owned(), "true".to_owned())];
    let broker = Broker::start(BrokerOptions { properties, ..BrokerOptions::default() })
        .unwrap_or_else(|error| panic!("{error}"));
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", broker.bootstrap());
    // A producer that lives through it.
    let producer: BaseProducer = config.clone().set("acks", "all").create().expect("a producer");
    let send = |text: &str| {
        producer
            .send(BaseRecord::<str, str>::to("kept").payload(text))
            .map_err(|(error, _)| error)?;
        producer.flush(PATIENCE)
    };
    send("before").expect("acknowledged");
    broker.kill();
    broker.restart().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(first(&config, "kept"), "before");
    let begin = Instant::now();
    send("after").expect("the same producer goes on");
    eprintln!("the producer goes on {:.1?} after the restart", begin.elapsed());

    // Longer than the session that the broker has with its own controller.
    broker.pause().expect("it runs");
    let begin = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(4));
            broker.resume().expect("it runs");
        });
        send("during").expect("acknowledged after the pause");
    });
    assert!(begin.elapsed() > Duration::from_secs(3), "nobody answers during a pause");
    eprintln!("acknowledged {:.1?} after the begin of a pause of 4 s", begin.elapsed());
}

#[test]
fn a_message_over_the_limit_is_refused_by_the_broker() {
    if skip() {
        return;
    }
    let properties = vec![("auto.create.topics.enable".to_owned(), "true".to_owned())];
    let options =
        BrokerOptions { message_bytes_max: 20_000, properties, ..BrokerOptions::default() };
    let broker = Broker::start(options).unwrap_or_else(|error| panic!("{error}"));
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", broker.bootstrap());
    let context = Outcomes::default();
    let producer: BaseProducer<Outcomes> = config.create_with_context(context).expect("a producer");
    // One after the other: records of one batch are refused together.
    for size in [1_000, 30_000] {
        let payload = vec![b'x'; size];
        producer
            .send(
                BaseRecord::<(), [u8], Box<usize>>::with_opaque_to("sizes", Box::new(size))
                    .payload(&payload),
            )
            .expect("queued");
        producer.flush(PATIENCE).expect("decided");
    }
    let outcomes = producer.context().0.lock().expect("no panic").clone();
    let codes: Vec<_> =
        outcomes.iter().map(|(size, code)| (*size, code.map(|code| code as i32))).collect();
    // 10 is MSG_SIZE_TOO_LARGE in Kafka's protocol.
    assert_eq!(codes, [(1_000, None), (30_000, Some(10))]);
}

type Outcome = (usize, Option<rdkafka::types::RDKafkaErrorCode>);

/// Size of each record, and the error it came back with.
#[derive(Default)]
struct Outcomes(std::sync::Mutex<Vec<Outcome>>);

impl rdkafka::ClientContext for Outcomes {}

impl rdkafka::producer::ProducerContext for Outcomes {
    type DeliveryOpaque = Box<usize>;

    fn delivery(&self, result: &rdkafka::message::DeliveryResult<'_>, size: Box<usize>) {
        let error = result.as_ref().err().and_then(|(error, _)| error.rdkafka_error_code());
        self.0.lock().expect("no panic").push((*size, error));
    }
}
