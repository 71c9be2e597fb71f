//! Slow clients (slowloris): each is cut after a while, and meanwhile others are served.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::house::House;
use crate::wire::{answers, connect};

/// Connections that are slow at once.
const SLOW: usize = 200;
/// A head may take 10 s; a busy machine cuts later, one that cuts nothing never.
const CUT_S_MAX: u64 = 300;
/// Requests of somebody else that are answered before the slow ones are cut, at least.
const SERVED_MIN: u32 = 2;

/// Whether the other side has closed it; what came before is read away.
fn closed(stream: &mut TcpStream) -> bool {
    let mut piece = [0; 4096];
    stream.set_read_timeout(Some(Duration::from_millis(1))).expect("a time-out");
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => {
                return !matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                );
            }
        }
    }
}

#[test]
fn heads_that_drip_are_cut_and_others_are_served() {
    let mut house = House::new();
    let mut slow: Vec<TcpStream> = (0..SLOW).map(|_| connect(house.addr)).collect();
    for stream in &mut slow {
        stream.write_all(b"GET /api/v1/setup HTTP/1.1\r\nHost: x\r\nX: ").expect("sent");
    }
    let began = Instant::now();
    let (mut longest, mut served) = (Duration::ZERO, 0);
    while !slow.is_empty() {
        assert!(began.elapsed().as_secs() < CUT_S_MAX, "{} are still there", slow.len());
        // A byte a second, of each.
        std::thread::sleep(Duration::from_secs(1));
        slow.retain_mut(|stream| stream.write_all(b"a").is_ok() && !closed(stream));
        let asked = Instant::now();
        assert_eq!(house.browser().get("/api/v1/setup").status, 200);
        longest = longest.max(asked.elapsed());
        // Whoever waits for them is answered when all of them are gone.
        served += u32::from(slow.iter_mut().any(|stream| !closed(stream)));
    }
    println!(
        "{SLOW} slow heads were cut within {:.1} s; {served} others waited {longest:?} at most",
        began.elapsed().as_secs_f64()
    );
    assert!(served >= SERVED_MIN, "{served} were served, {longest:?}");
    assert!(house.is_well());
}

/// Who says nothing at all, or no more after an answer, is cut as well.
#[test]
fn silence_is_cut() {
    let mut house = House::new();
    let mut silent = connect(house.addr);
    let mut kept = connect(house.addr);
    kept.write_all(b"GET /api/v1/setup HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
    let began = Instant::now();
    while !(closed(&mut silent) && closed(&mut kept)) {
        assert!(began.elapsed().as_secs() < CUT_S_MAX, "a silent connection stays");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(house.is_well());
}

/// A body that drips ends with 408, before its sender has used up anything that others need.
#[test]
fn bodies_that_drip_are_refused() {
    let mut house = House::new();
    let owner = house.owner();
    let json = [("Content-Type", "application/json")];
    let mut slow: Vec<TcpStream> = [
        ("operator", "/api/v1/session"),
        ("administrator", "/api/v1/accounts"),
        ("engineer", "/api/v1/sites/check"),
        ("reviewer", "/api/review/v1/claims"),
    ]
    .iter()
    .map(|(role, path)| {
        let head = owner.acting(role).head("POST", path, &json);
        let mut stream = connect(house.addr);
        stream.write_all(format!("{head}Content-Length: 4096\r\n\r\n{{").as_bytes()).expect("sent");
        stream
    })
    .collect();
    let began = Instant::now();
    let mut told: Vec<Option<u16>> = vec![None; slow.len()];
    while told.iter().any(Option::is_none) {
        assert!(began.elapsed().as_secs() < CUT_S_MAX, "a slow body is still waited for: {told:?}");
        for (stream, told) in slow.iter_mut().zip(&mut told) {
            if told.is_some() {
                continue;
            }
            let sent = stream.write_all(b" ").is_ok();
            stream.set_read_timeout(Some(Duration::from_millis(5))).expect("a time-out");
            let mut piece = [0; 8192];
            match stream.read(&mut piece) {
                Ok(count) if count > 0 => {
                    *told = answers(&piece[..count]).first().map(|answer| answer.status);
                }
                Ok(_) => *told = Some(0),
                Err(_) if !sent => *told = Some(0),
                Err(_) => {}
            }
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    println!("slow bodies ended after {:.1} s: {told:?}", began.elapsed().as_secs_f64());
    // 0: closed without a word. What a client does is no error of the server's.
    assert!(told.iter().all(|told| matches!(told, Some(0 | 408))), "{told:?}");
    assert_eq!(owner.get("/api/v1/overview").status, 200);
    assert!(house.is_well());
}
