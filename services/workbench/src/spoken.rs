//! What the program said, for somebody in front of a browser: no path of this machine in it.

/// The same with each absolute path as its last part: `/srv/data/clip.mp4: not a video` is `clip.mp4: not a video`.
pub(crate) fn without_folders(said: &str) -> String {
    let mut out = String::with_capacity(said.len());
    let mut rest = said;
    let mut before = ' ';
    while let Some(next) = rest.chars().next() {
        // A slash between words is none.
        let named = rest.chars().nth(1).is_some_and(|c| !c.is_whitespace());
        let begins = next == '/' && named && !before.is_alphanumeric() && !"/:.~".contains(before);
        if !begins {
            out.push(next);
            before = next;
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
            continue;
        }
        let ends = |c: char| c.is_whitespace() || ":;,'\"`()<>".contains(c);
        let length = rest.find(ends).unwrap_or(rest.len());
        let (path, after) = rest.split_at(length);
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        out.push_str(last);
        before = last.chars().next_back().unwrap_or('/');
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_said_by_their_last_part() {
        for (said, told) in [
            (
                "/srv/w/recordings/ab/data: not a video (none). Give one.",
                "data: not a video (none). Give one.",
            ),
            ("cannot read `/etc/wayside/site.toml`, line 3", "cannot read `site.toml`, line 3"),
            ("(/a/b/c) and \"/d/e/\"", "(c) and \"e\""),
            (
                "rtsp://camera/live and https://a.example/b/c stay",
                "rtsp://camera/live and https://a.example/b/c stay",
            ),
            ("12 m/s, a/b, either/or, 1 / 2", "12 m/s, a/b, either/or, 1 / 2"),
            ("/", "/"),
            ("", ""),
            ("ü /ä/ö", "ü ö"),
        ] {
            assert_eq!(without_folders(said), told, "{said}");
        }
    }
}
