//! MULTI: what is built is read back, what a sign cannot show is refused, and our rendering is that of the
//! crate `ntcip`, lamp by lamp.

use ntcip::dms::config::{MultiCfg, VmsCfg};
use ntcip::dms::{CharacterEntry, Dms, Font, FontTable, Pages};
use proptest::collection::vec;
use proptest::prelude::*;
use wayside_signs::multi::{Face, Lamps, MultiError, characters, glyph, lamps_svg};

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// Our font, as `ntcip` takes it.
fn font_table() -> FontTable<256, 1> {
    let mut fonts = FontTable::default();
    let font: &mut Font<256> = fonts.font_mut(0).expect("a place");
    (font.number, font.height, font.char_spacing, font.line_spacing) = (1, 7, 1, 1);
    for (entry, c) in font.characters.iter_mut().zip(characters()) {
        let bits: Vec<bool> = glyph(c)
            .expect("a glyph")
            .iter()
            .flat_map(|row| (0..5).rev().map(move |bit| row >> bit & 1 == 1))
            .collect();
        let byte = |bits: &[bool]| {
            bits.iter()
                .enumerate()
                .fold(0, |byte, (place, bit)| byte | u8::from(*bit) << (7 - place))
        };
        let number = u16::try_from(u32::from(c)).expect("a number");
        *entry = CharacterEntry { number, width: 5, bitmap: bits.chunks(8).map(byte).collect() };
    }
    fonts
}

/// The lamps that `ntcip` lights, page by page.
fn judged(width: u16, height: u16, markup: &str) -> Vec<Vec<bool>> {
    let dms: Dms<256, 1, 0> = Dms::builder()
        .with_vms_cfg(VmsCfg {
            char_height_pixels: 0,
            char_width_pixels: 0,
            sign_width_pixels: width,
            sign_height_pixels: height,
            horizontal_pitch: 10,
            vertical_pitch: 10,
            ..Default::default()
        })
        .with_font_definition(font_table())
        .with_multi_cfg(MultiCfg { default_font: 1, max_number_pages: 6, ..Default::default() })
        .build()
        .expect("a sign");
    let pages: Vec<_> = Pages::new(&dms, markup).map(|page| page.expect("a page")).collect();
    let lit = |page: &ntcip::dms::Page| {
        use ntcip_pixels::lit;
        lit(page)
    };
    pages.iter().map(lit).collect()
}

/// The crate's raster, without naming the crate that it is made with.
mod ntcip_pixels {
    pub fn lit(page: &ntcip::dms::Page) -> Vec<bool> {
        let bytes = page.raster.as_u8_slice();
        let background = bytes.get(..3).unwrap_or_default().to_vec();
        // The corner is dark in all that is drawn here: text is centred, with room around it.
        bytes.chunks(3).map(|pixel| pixel != background).collect()
    }
}

fn word() -> impl Strategy<Value = String> {
    "[A-ZÄÖÜ0-9!?%&()+,./:<>-]{1,9}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn our_lamps_are_those_of_ntcip(
        words in vec(word(), 1..7),
        breaks in vec(any::<bool>(), 7),
        (width, height) in (70..160_u16, 18..40_u16),
    ) {
        let mut text: Vec<String> = Vec::new();
        for (word, new) in words.iter().zip(breaks) {
            match text.last_mut().filter(|_| !new) {
                Some(line) => { line.push(' '); line.push_str(word); }
                None => text.push(word.clone()),
            }
        }
        let face = Face::lamps(width, height, 6);
        let markup = match face.markup(&text) {
            Ok(markup) => markup,
            // More pages than six: said, and nothing to compare.
            Err(error) => {
                prop_assert!(matches!(error, MultiError::TooManyPages { .. }), "{error}");
                return Ok(());
            }
        };
        let ours = face.render(&markup).expect("what we build, we read");
        let theirs = judged(width, height, &markup);
        prop_assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            prop_assert_eq!(&ours.lit, theirs, "{}\n{}", markup, ours.rows().join("\n"));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(markup in "[\\[\\]A-Zajlnptohcf0-9 ]{0,60}") {
        let face = Face::lamps(96, 24, 2);
        if let Ok(pages) = face.render(&markup) {
            prop_assert!(!pages.is_empty() && pages.len() <= 2);
            for page in pages {
                prop_assert_eq!(page.lit.len(), 96 * 24);
            }
        }
    }
}

/// What a traffic engineer sees.
fn drawn(face: Face, text: &[&str]) -> String {
    let markup = face.markup(&lines(text)).expect("it fits");
    let pages = face.render(&markup).expect("it is read");
    let pages: Vec<String> = pages.iter().map(|page: &Lamps| page.rows().join("\n")).collect();
    format!("{markup}\n\n{}", pages.join("\n\n"))
}

#[test]
fn messages_as_lamps() {
    let matrix = Face::lamps(96, 24, 2);
    insta::assert_snapshot!(
        [
            drawn(matrix, &["Fußgänger", "queren", "warten"]),
            drawn(matrix, &["A1 [west]", "12 min"]),
            drawn(Face::cells(11, 2, 2), &["Pedestrians", "crossing", "wait"]),
            drawn(Face::lamps(140, 15, 2), &["Slow traffic", "drive", "40 km/h"]),
        ]
        .join("\n\n\n")
    );
}

#[test]
fn the_whole_font() {
    let text: String = characters().collect();
    let text: Vec<String> =
        text.chars().collect::<Vec<_>>().chunks(16).map(|row| row.iter().collect()).collect();
    let face = Face::lamps(96, 31, 1);
    let markup: Vec<String> =
        text.iter().map(|line| line.replace('[', "[[").replace(']', "]]")).collect();
    let pages = face.render(&format!("[jl2]{}", markup.join("[nl]"))).expect("the font");
    insta::assert_snapshot!(pages[0].rows().join("\n"));
}

#[test]
fn what_a_sign_cannot_show_is_refused() {
    let face = Face::cells(11, 2, 2);
    let built = [
        &["pedestrians", "crossing", "wait", "here", "please"][..],
        &["wrong-way-driver"],
        &["наблюдай"],
    ];
    let read = [
        "A[",
        "A]",
        "[fl]A[/fl]",
        "[g1]",
        "[mvc11o5,5,A]",
        "[cf255,0,0]A",
        "[xx]",
        "[jl9]A",
        "A[jl2]",
        "A[jp2]",
        "A[nl]B[nl]C",
        "A[np]B[np]C",
        "TWELVE CHARS",
        "a",
        "[hcZZ]",
        "[hc263A]",
        "[fo2]A",
        "[pt0o1]A",
        "[pt5]A",
        "[pt999o1]A",
        "[nl3]",
    ];
    let mut said: Vec<String> = Vec::new();
    for text in built {
        let error = face.markup(&lines(text)).expect_err("refused");
        said.push(format!("{}: {error}", text.join(" | ")));
    }
    for markup in read {
        let error = face.render(markup).expect_err("refused");
        said.push(format!("{markup}: {error}"));
    }
    let long = "A".repeat(1_025);
    said.push(face.render(&long).expect_err("refused").to_string());
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_drawing_has_no_script_no_style_and_one_circle_a_lamp() {
    let face = Face::lamps(40, 9, 1);
    let pages = face.render("[jp3][jl3]RED").expect("read");
    let svg = lamps_svg(&pages[0]);
    let lit = pages[0].lit.iter().filter(|lit| **lit).count();
    // One more is the pattern of dark lamps.
    assert_eq!(svg.matches("<circle").count(), lit + 1);
    assert!(!svg.contains("style") && !svg.contains("script"));
}
