//! Appends records of 1 KB from several threads for some seconds and says how many a second became
//! durable: `cargo run --release -p wayside-bus --example throughput -- [DIR [SECONDS]]`.
#![allow(clippy::disallowed_macros)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use wayside_bus::{BusError, Log, LogOptions, Offset, Record, Topic};

fn record(key: &str, number: u64, bytes: usize) -> Record {
    let value = vec![number as u8; bytes];
    Record { key: key.to_owned(), time: number as i64, id: None, value }
}

/// Appends batches from `threads` threads, each waiting for its own; returns records a second and
/// the median and the 99th percentile of the wait, milliseconds.
fn appends(
    log: &Log,
    threads: usize,
    batch: u64,
    with_id: bool,
    span: Duration,
) -> (f64, f64, f64) {
    let began = Instant::now();
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let (log, key) = (log.clone(), format!("camera-{worker}"));
            std::thread::spawn(move || {
                let (mut number, mut waits) = (0, Vec::new());
                while began.elapsed() < span {
                    let records = (number..number + batch)
                        .map(|n| {
                            let id = with_id.then(|| format!("{key}/{n:016x}/{batch}"));
                            Record { id, ..record(&key, n, 1_000) }
                        })
                        .collect();
                    let asked = Instant::now();
                    log.append(Topic::Observations, records).map(drop)?;
                    waits.push(asked.elapsed().as_secs_f64() * 1e3);
                    number += batch;
                }
                Ok::<_, BusError>((number, waits))
            })
        })
        .collect();
    let (mut total, mut waits) = (0, Vec::new());
    for (number, mut of_worker) in workers.into_iter().flat_map(|w| w.join().ok()?.ok()) {
        total += number;
        waits.append(&mut of_worker);
    }
    waits.sort_by(f64::total_cmp);
    let quantile = |q: f64| {
        waits.get(((waits.len() as f64 - 1.0) * q).max(0.0) as usize).copied().unwrap_or(f64::NAN)
    };
    (total as f64 / began.elapsed().as_secs_f64(), quantile(0.5), quantile(0.99))
}

fn main() -> Result<(), BusError> {
    let mut args = std::env::args().skip(1);
    let dir = args.next().map_or_else(|| std::env::temp_dir().join("wayside-bus"), PathBuf::from);
    let span = Duration::from_secs(args.next().and_then(|s| s.parse().ok()).unwrap_or(3));
    println!(
        "{:>7} {:>6} {:>4} {:>10} {:>9} {:>9}",
        "threads", "batch", "ids", "records/s", "p50 ms", "p99 ms"
    );
    for (threads, batch, with_id) in [
        (1, 1, false),
        (16, 1, false),
        (4, 25, false),
        (4, 100, false),
        (4, 100, true),
        (2, 500, false),
    ] {
        let dir = dir.join(format!("{threads}-{batch}-{with_id}-{}", std::process::id()));
        let log = Log::open(&dir, LogOptions::default())?;
        let (rate, p50, p99) = appends(&log, threads, batch, with_id, span);
        println!("{threads:>7} {batch:>6} {with_id:>4} {rate:>10.0} {p50:>9.2} {p99:>9.2}");
        if batch == 500 {
            rest(&log)?;
        }
        drop(log);
        // Only what this program made is removed.
        let _ = std::fs::remove_dir_all(&dir);
    }
    Ok(())
}

/// Reading, examining and deleting what was written.
fn rest(log: &Log) -> Result<(), BusError> {
    let (began, end) = (Instant::now(), log.end(Topic::Observations).0);
    let mut from = Offset(0);
    while let Some(last) = log.read(Topic::Observations, from, 1_000, 4_000_000)?.last() {
        from = last.offset.next();
    }
    println!("read        {:>10.0} records/s", end as f64 / began.elapsed().as_secs_f64());
    let (began, bytes) = (Instant::now(), log.stats()?.file_bytes);
    log.check()?;
    let seconds = began.elapsed().as_secs_f64();
    println!("quick_check {:>10.0} MB/s of {} MB", bytes as f64 / 1e6 / seconds, bytes / 1_000_000);
    let began = Instant::now();
    let deleted = log.retain(Topic::Observations, i64::MAX, u64::MAX)?.records;
    println!("retain      {:>10.0} records/s", deleted as f64 / began.elapsed().as_secs_f64());
    Ok(())
}
