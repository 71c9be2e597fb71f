use std::io::Write;

use proptest::prelude::*;

use super::*;

const HEAD: &str = "time_s,track,class,x_m,y_m,heading_deg,speed_ms,length_m,width_m\n";
const START: EventTime = EventTime(1_000_000_000);

fn instants(text: &str) -> Result<Vec<Instant>, TracksError> {
    read("tracks.csv", START, text.as_bytes())?.collect()
}

fn message(rows: &str) -> String {
    instants(&format!("{HEAD}{rows}")).expect_err("a refusal").to_string()
}

#[test]
fn rows_of_one_time_are_one_instant() {
    let text = format!(
        "{HEAD}-0.04,7,car,10,20,90,13.5,4.4,1.8\n0,7,car,10.5,20,90,13.5,4.4,1.8\n0,3,person,1,2,0,1.2,0.5,0.5\n"
    );
    let instants = instants(&text).expect("tracks");
    assert_eq!(instants.len(), 2);
    assert_eq!(instants[0].time, EventTime(999_960_000));
    let ids: Vec<u64> = instants[1].tracks.iter().map(|track| track.id.0).collect();
    assert_eq!(ids, [3, 7]);
    let car = &instants[1].tracks[1];
    assert!(car.heading_rad.abs() < 1e-12 && (car.velocity_ms[0] - 13.5).abs() < 1e-9);
}

#[test]
fn a_gzipped_file_reads_the_same() {
    let text = format!("{HEAD}0,v1,bus,1,2,180,0,12,2.5\n");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).expect("memory");
    let bytes = gz.finish().expect("memory");
    let gzipped: Vec<_> =
        read("t", START, &bytes[..]).expect("a head").collect::<Result<_, _>>().expect("tracks");
    assert_eq!(gzipped, instants(&text).expect("tracks"));
    let cut: Result<Vec<_>, _> =
        read("t", START, &bytes[..bytes.len() - 9]).and_then(Iterator::collect);
    assert!(cut.expect_err("a refusal").to_string().contains("truncated"));
}

#[test]
fn messages() {
    let row = "1,1,car,0,0,0,0,4,2\n";
    let crowd: String =
        (0..=ROWS_OF_AN_INSTANT_MAX).map(|id| format!("1,{id},car,0,0,0,0,4,2\n")).collect();
    let all = [
        instants("").expect_err("a refusal").to_string(),
        instants("time_s,track\n").expect_err("a refusal").to_string(),
        message("1,1,car,NaN,0,0,0,4,2\n"),
        message("1,1,tank,0,0,0,0,4,2\n"),
        message("1,1,car\n"),
        message(&format!("{row}0.5,1,car,0,0,0,0,4,2\n")),
        message(&format!("{row}{row}")),
        message(&crowd),
        message(&"x".repeat(5000)),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", rows in "[0-9a-z,.\\-\n]{0,300}") {
        let _ = instants(&text);
        let _ = instants(&format!("{HEAD}{rows}"));
    }
}
